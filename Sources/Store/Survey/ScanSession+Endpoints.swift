// SPDX-License-Identifier: Apache-2.0
import GRDB
public import Observations

extension ScanSession {
    /// Endpoints not probed yet, in a pseudo-random order that is the same on every run of the scan.
    /// - Parameter countingConnections: whether `connectionsToAddress` is wanted, which costs a look at the address.
    public func pendingEndpoints(
        after: PendingEndpoint? = nil, limit: Int, countingConnections: Bool = false
    ) async throws(StoreError) -> [PendingEndpoint] {
        let scanID = scanID
        return try await writer.perform { db in
            let last = after?.endpoint
            return try PendingEndpointRow.fetch(
                db, countingConnections: countingConnections,
                where: "state = 'pending' AND (order_key, mx_host, ip, port) > (?, ?, ?, ?)",
                order: "order_key, mx_host, ip, port",
                arguments: [
                    scanID, after?.orderKey ?? Int64.min, last?.host.description ?? "",
                    last?.address.description ?? "", last?.port ?? 0, limit,
                ])
        }
    }

    /// Records a visit: the endpoint's row, its probes, their chains, the certificates and the attempts, all or nothing.
    /// Of several visits the best is shown (`VisitStanding`); all are kept as attempts.
    /// - Parameter retryAt: when it is to be visited once more; nil where that is all.
    public func record(endpoint result: EndpointResult, retryAt: Timestamp? = nil) async throws(StoreError) {
        let certificates = result.chains.values.reduce(0) { $0 + $1.certificates.count }
        try await writer.submit(rows: 2 + 2 * result.observation.probes.count + 2 * certificates) { [self] db in
            let visit = EndpointVisit(scanID: scanID, result: result, retryAt: retryAt)
            guard let change = try visit.write(db) else { return }
            count {
                $0.endpoints.take(change)
                if change.isFirst, result.wantsHellos { $0.hellos.total += 1 }
                guard change.isFirst, let check = result.inferenceCheck else { return }
                $0.checks.total += 1
                switch check {
                case .unknown: $0.checks.inconclusive += 1
                case .agrees: $0.checks.done += 1
                case .disagrees:
                    $0.checks.done += 1
                    $0.disagreements += 1
                }
            }
        }
    }
}

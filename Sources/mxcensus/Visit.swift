// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import Lists
import Logging
import Observations
import Scan
import Store
import TLS

/// A survey of a few names into a database that is gone when the command ends: what `check` and `probe` show is what a
/// scan would have written.
struct Visit {
    private let store: SurveyStore
    private let scanID: String

    init(_ input: SurveyInput, _ configuration: SurveyConfiguration, decoders: TLSContext.Decoders) async throws {
        var configuration = configuration
        // Somebody is waiting for the answer.
        configuration.pace.retryScale = 0
        configuration.log = Logger(label: "mxcensus") { _ in
            LogLines(level: .warning) { StandardError.write($0 + "\n") }
        }
        let roots = try TrustStore(caFile: configuration.caFile)
        store = try SurveyStore.inMemory()
        let session = try store.beginOrResumeScan(
            ScanDescription(
                configuration, lists: ListIdentity(paths: []), roots: roots, toolVersion: toolVersion))
        scanID = session.scanID
        let stop = StopSignal()
        let survey = try await Survey(
            configuration, session: session, context: TLSContext(decoders: decoders), roots: roots,
            stop: stop, report: { _ in })
        let judge = await Judge(
            session: session, roots: roots, at: configuration.lookups.validationTime ?? .now, stop: stop)
        _ = try await survey.run(input, judge: judge, reportEvery: 60_000)
    }

    func report(_ name: DomainName) throws -> DomainReport? {
        try DomainReport(name, in: store, scanID: scanID)
    }
}

/// A name on the command line, as a list would read it: U-labels, addresses and URLs are understood.
enum NameArgument {
    static func domain(_ text: String) throws -> DomainName {
        do {
            return try MailDomain(text).name
        } catch {
            throw ValidationError("'\(text)' is no domain name: \(error)")
        }
    }
}

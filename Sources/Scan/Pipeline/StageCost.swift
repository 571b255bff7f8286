// SPDX-License-Identifier: Apache-2.0
import Logging

#if canImport(Glibc)
    import Glibc
#endif

/// What one wave of a run cost this process. What is asked again beside the visits to mail hosts counts with them.
public struct StageCost: Sendable {
    /// The wave.
    public let stage: ScanStage
    /// Units finished.
    public let units: Int
    /// From its beginning to its end, milliseconds.
    public let wallMilliseconds: Double
    /// User and system time, milliseconds.
    public let cpuMilliseconds: Double
    /// Queries that the resolvers were sent.
    public let dnsQueries: Int

    init(stage: ScanStage, units: Int, dnsQueries: Int, since before: ProcessCost) {
        self.dnsQueries = dnsQueries
        let now = ProcessCost.now
        self.stage = stage
        self.units = units
        wallMilliseconds = now.wall - before.wall
        cpuMilliseconds = now.cpu - before.cpu
    }
}

extension StageCost {
    /// For the log.
    var metadata: Logger.Metadata {
        [
            "stage": "\(stage)", "units": "\(units)", "wall_ms": "\(Int(wallMilliseconds))",
            "cpu_ms": "\(Int(cpuMilliseconds))",
        ]
    }
}

/// The clocks of this process, in milliseconds.
public struct ProcessCost: Sendable {
    let wall: Double
    let cpu: Double

    static var now: ProcessCost {
        let usage = usage
        return ProcessCost(
            wall: Double(NetworkLoop.monotonicMilliseconds),
            cpu: milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime))
    }

    /// The most memory that the process has held, in KiB.
    public static var peakMemory: Int { Int(usage.ru_maxrss) }

    private static var usage: rusage {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage
    }

    private static func milliseconds(_ time: timeval) -> Double {
        Double(time.tv_sec) * 1_000 + Double(time.tv_usec) / 1_000
    }
}

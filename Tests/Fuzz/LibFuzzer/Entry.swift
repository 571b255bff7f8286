// SPDX-License-Identifier: Apache-2.0
import FuzzTargets

#if canImport(Glibc)
    import Glibc
#endif

/// Which reader is fed: MXCENSUS_FUZZ_TARGET.
private let target: FuzzTarget = {
    let name = getenv("MXCENSUS_FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
        fatalError("MXCENSUS_FUZZ_TARGET is one of \(FuzzTarget.all.map(\.name)), not \"\(name)\"")
    }
    return target
}()

/// What libFuzzer calls for each input; what it can't know by itself ends it as a crash would.
@c(LLVMFuzzerTestOneInput)
public func feed(_ octets: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    if let violation = target.violation(Array(UnsafeBufferPointer(start: octets, count: count))) {
        fatalError(violation)
    }
    return 0
}

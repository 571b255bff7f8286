// SPDX-License-Identifier: Apache-2.0
@testable import Scan

/// Notes what it hears, and answers with its steps in turn; without any left it goes on listening.
final class Listener: Conversation {
    private(set) var heard: [String] = []
    private var steps: [TCPStep]
    /// Called while it is talking.
    var speaks: ((TCPConnection) -> Void)?

    init(_ steps: [TCPStep] = []) {
        self.steps = steps
    }

    func proceed(after event: TCPEvent, on connection: TCPConnection) -> TCPStep {
        switch event {
        case .opened: heard.append("opened")
        case .received(let bytes): heard.append(String(decoding: bytes, as: UTF8.self))
        case .quiet: heard.append("quiet")
        case .timeout: heard.append("timeout")
        case .endOfStream: heard.append("end")
        case .failed(let errno): heard.append("errno \(errno)")
        }
        speaks?(connection)
        return steps.isEmpty ? .listen(until: .max / 2) : steps.removeFirst()
    }
}

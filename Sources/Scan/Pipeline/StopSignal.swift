// SPDX-License-Identifier: Apache-2.0

/// Whether the scan has been told to stop: no new work is begun, what is in flight ends by itself.
@NetworkLoop
public final class StopSignal {
    /// Set once and never cleared.
    public private(set) var isRaised = false
    private var wakers: [() -> Void] = []

    /// A signal that is not raised.
    public nonisolated init() {}

    /// Tells the scan to stop.
    public func raise() {
        isRaised = true
        for wake in wakers { wake() }
        wakers = []
    }

    /// Does `wake` when the signal is raised, for those who wait in line.
    func onRaise(_ wake: @escaping () -> Void) {
        wakers.append(wake)
    }
}

// SPDX-License-Identifier: Apache-2.0
public import DNS

/// What stops a survey, for people. A target that fails is never one of these.
public enum SurveyError: Error, Sendable, CustomStringConvertible {
    /// None of the resolvers answers what every resolver knows.
    case noResolver([DNSServer])

    /// What happened, and what to do.
    public var description: String {
        switch self {
        case .noResolver(let servers):
            "no resolver answers: \(servers.map(\.description).joined(separator: ", ")); "
                + "check --resolver, or start one there. The same command again goes on from here."
        }
    }
}

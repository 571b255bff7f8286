// SPDX-License-Identifier: Apache-2.0
import Observations

/// The extensions of our hellos: what every modern client sends, and nothing that could be minded.
extension ClientHello {
    /// Numbers of IANA's registry "TLS ExtensionType Values".
    enum ExtensionType {
        static let serverName: UInt16 = 0  // RFC 6066 §3
        static let supportedGroups: UInt16 = 10  // RFC 8446 §4.2.7
        static let ecPointFormats: UInt16 = 11  // RFC 8422 §5.1.2
        static let signatureAlgorithms: UInt16 = 13  // RFC 8446 §4.2.3
        static let padding: UInt16 = 21  // RFC 7685
        static let extendedMasterSecret: UInt16 = 23  // RFC 7627
        static let sessionTicket: UInt16 = 35  // RFC 5077
        static let supportedVersions: UInt16 = 43  // RFC 8446 §4.2.1
        static let keyShare: UInt16 = 51  // RFC 8446 §4.2.8
        static let renegotiationInfo: UInt16 = 0xFF01  // RFC 5746
    }

    func appendExtensions(to list: inout [UInt8], padding: Int?) {
        if let serverName {
            Self.append(ExtensionType.serverName, to: &list) { body in
                body.appendVector(lengthOctets: 2) { names in
                    names.append(UInt8(0))  // host_name
                    names.appendVector(lengthOctets: 2) { $0 += serverName.description.utf8 }
                }
            }
        }
        if versions.lowerBound < .tls13 {
            Self.append(ExtensionType.extendedMasterSecret, to: &list) { _ in }
            Self.append(ExtensionType.renegotiationInfo, to: &list) { $0.appendVector(lengthOctets: 1) { _ in } }
            Self.append(ExtensionType.ecPointFormats, to: &list) { $0.appendVector(lengthOctets: 1) { $0 += [0] } }
            Self.append(ExtensionType.sessionTicket, to: &list) { _ in }
        }
        if !groups.isEmpty {
            Self.append(ExtensionType.supportedGroups, to: &list) { body in
                body.appendVector(lengthOctets: 2) { list in groups.forEach { list.append($0.rawValue) } }
            }
        }
        if versions.upperBound >= .tls12 {
            Self.append(ExtensionType.signatureAlgorithms, to: &list) { body in
                body.appendVector(lengthOctets: 2) { list in
                    SignatureScheme.offered.forEach { list.append($0.rawValue) }
                }
            }
        }
        if versions.upperBound == .tls13 {
            Self.append(ExtensionType.supportedVersions, to: &list) { body in
                body.appendVector(lengthOctets: 1) { list in
                    TLSVersion.allCases.reversed().filter(versions.contains).forEach { list.append($0.wire) }
                }
            }
            // Empty: "which group would you like?" (RFC 8446 §4.2.8)
            Self.append(ExtensionType.keyShare, to: &list) { $0.appendVector(lengthOctets: 2) { _ in } }
        }
        if let padding {
            Self.append(ExtensionType.padding, to: &list) { $0 += [UInt8](repeating: 0, count: padding) }
        }
    }

    private static func append(_ type: UInt16, to list: inout [UInt8], _ body: (inout [UInt8]) -> Void) {
        list.append(type)
        list.appendVector(lengthOctets: 2, body)
    }
}

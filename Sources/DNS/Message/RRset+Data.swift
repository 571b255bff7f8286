// SPDX-License-Identifier: Apache-2.0

public import Observations

/// RDATA as values. Each reader looks at RRsets of its own type alone and leaves out records that break the format.
extension RRset {
    private func read<Value>(_ wanted: RecordType..., each reader: ([UInt8]) -> Value?) -> [Value] {
        wanted.contains(type) ? rdatas.compactMap(reader) : []
    }

    /// MX (RFC 1035 §3.3.9), in the order of the message.
    public var mailExchanges: [MailExchange] {
        read(.mx) { rdata in
            guard rdata.count > 2, let host = try? DomainName(wire: rdata[2...]) else { return nil }
            return MailExchange(preference: Int(rdata[0]) << 8 | Int(rdata[1]), host: host)
        }
    }

    /// A and AAAA.
    public var addresses: [IPAddress] {
        read(.a, .aaaa) { $0.count == (type == .a ? 4 : 16) ? IPAddress(octets: $0) : nil }
    }

    /// NS (RFC 1035 §3.3.11): the servers' names, in the order of the message.
    public var nameServers: [DomainName] { read(.ns) { try? DomainName(wire: $0) } }

    /// PTR (RFC 1035 §3.3.12): the names that an address leads to, in the order of the message.
    public var pointers: [DomainName] { read(.ptr) { try? DomainName(wire: $0) } }

    /// Where a CNAME or DNAME leads: the name, if there is exactly one (RFC 2181 §10.1, RFC 6672 §2.4).
    public var aliasTarget: DomainName? {
        let targets = read(.cname, .dname) { try? DomainName(wire: $0) }
        return targets.count == 1 ? targets.first : nil
    }

    /// TXT: of each record its character-strings, joined without anything between them (RFC 1035 §3.3.14; RFC 7208
    /// §3.3, RFC 8461 §3.1 and RFC 6376 §3.6.2.2 all read them so).
    public var texts: [[UInt8]] {
        read(.txt, .spf) { rdata in
            var text: [UInt8] = []
            var at = 0
            while at < rdata.count {
                let end = at + 1 + Int(rdata[at])
                guard end <= rdata.count else { return nil }
                text += rdata[(at + 1)..<end]
                at = end
            }
            return rdata.isEmpty ? nil : text
        }
    }

    /// TLSA (RFC 6698 §2.1).
    public var tlsaRecords: [TLSARecord] {
        read(.tlsa) { rdata in
            guard rdata.count >= 3 else { return nil }
            return TLSARecord(
                certificateUsage: Int(rdata[0]), selector: Int(rdata[1]), matchingType: Int(rdata[2]),
                associationData: Array(rdata[3...]))
        }
    }

    /// The MINIMUM field of a SOA: the TTL of its zone's negative answers (RFC 2308 §4).
    public var negativeTTL: UInt32? {
        guard type == .soa, let rdata = rdatas.first, rdata.count >= 22 else { return nil }
        let minimum = rdata.suffix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        // RFC 2308 §5: the SOA's own TTL bounds it.
        return min(minimum, ttl)
    }

    /// DS (RFC 4034 §5.1).
    public var delegationSigners: [DS] { read(.ds) { DS(rdata: $0) } }

    /// DNSKEY (RFC 4034 §2.1).
    public var keys: [DNSKEY] { read(.dnskey) { DNSKEY(rdata: $0) } }

    /// The NSEC record, if there is exactly one.
    public var nsec: NSEC? { rdatas.count == 1 ? read(.nsec) { NSEC(rdata: $0) }.first : nil }

    /// NSEC3 records of this owner.
    public var nsec3: [NSEC3] { read(.nsec3) { NSEC3(rdata: $0) } }
}

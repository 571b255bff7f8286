// SPDX-License-Identifier: Apache-2.0
import CLDNS

/// Which DNS library runs: it is part of the instrument, and recorded with each scan.
public enum LibraryVersion {
    /// ldns, as `1.8.3`.
    public static var ldns: String { String(cString: ldns_version()) }
}

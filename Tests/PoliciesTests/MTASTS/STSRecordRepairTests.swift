// SPDX-License-Identifier: Apache-2.0

import Policies
import Testing

struct STSRecordRepairTests {
    @Test(arguments: [
        (["v=STSv1;"], "v=STSv1; id=new;"), (["v=STSv1"], "v=STSv1; id=new;"),
        (["v=STSv1; id=2026-11-22; note=fine"], "v=STSv1; id=new; note=fine;"),
        // An `id` that is sound says that the file is the same.
        (["v=STSv1; id=20261122; =nothing;; note=fine"], "v=STSv1; id=20261122; note=fine;"),
        (["v=STSv3; id=20261122;"], "v=STSv1; id=20261122;"), (["v = STSv1; id=20261122;"], "v=STSv1; id=20261122;"),
        (["v=STSv1 id=20261122"], "v=STSv1; id=20261122;"), (["id=a\\; v=STSv1"], "v=STSv1; id=a;"),
        (["v=STSv1; ID = a"], "v=STSv1; id=a;"),
        // Of two nobody knows which one is meant, unless they are the same.
        (["v=STSv1; id=a;", "v=STSv1; id=b; k=v"], "v=STSv1; id=new; k=v;"),
        (["v=STSv1; id=a;", "v=STSv1; id=a"], "v=STSv1; id=a;"),
    ])
    func whatIsSoundStays(published: [String], record: String) {
        #expect(STSRecordRepair(published.map { Array($0.utf8) }, newID: "new").record == record)
    }

    @Test func withoutAnIdThereIsNoProposal() {
        #expect(STSRecordRepair([Array("v=STSv1;".utf8)], newID: "").record == nil)
    }
}

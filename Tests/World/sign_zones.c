// SPDX-License-Identifier: Apache-2.0
/* sign_zones FOLDER < MANIFEST: signs zone files in place, many in one process.
 *
 * A line of the manifest is "ORIGIN FILE MODE"; MODE is nsec, nsec3, optout (RFC 5155), or expired, whose signatures
 * ended a month ago. Each zone gets one ECDSA P-256 key of its own. The DS of each goes to standard output; ORIGIN
 * `root` is the root.
 */
#include <ldns/ldns.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DAY = 86400 };

static void stop(const char *origin, const char *what) {
    fprintf(stderr, "%s: %s\n", origin, what);
    exit(1);
}

static ldns_key *new_key(const char *origin, bool expired, ldns_rr **dnskey) {
    ldns_key *key = ldns_key_new_frm_algorithm(LDNS_SIGN_ECDSAP256SHA256, 256);
    if (key == NULL) stop(origin, "no key");
    uint32_t now = time(NULL);
    ldns_key_set_pubkey_owner(key, ldns_dname_new_frm_str(origin));
    ldns_key_set_flags(key, 257);
    ldns_key_set_inception(key, expired ? now - 60 * DAY : now - DAY);
    ldns_key_set_expiration(key, expired ? now - 30 * DAY : now + 30 * DAY);
    ldns_key_set_use(key, true);
    *dnskey = ldns_key2rr(key);
    ldns_rr_set_ttl(*dnskey, 3600);
    ldns_key_set_keytag(key, ldns_calc_keytag(*dnskey));
    return key;
}

static ldns_zone *read_zone(const char *origin, const char *path) {
    FILE *file = fopen(path, "r");
    if (file == NULL) stop(path, "cannot be read");
    ldns_zone *zone = NULL;
    ldns_rdf *name = ldns_dname_new_frm_str(origin);
    int line = 0;
    ldns_status status = ldns_zone_new_frm_fp_l(&zone, file, name, 3600, LDNS_RR_CLASS_IN, &line);
    if (status != LDNS_STATUS_OK) {
        fprintf(stderr, "%s:%d: %s\n", path, line, ldns_get_errorstr_by_id(status));
        exit(1);
    }
    ldns_rdf_deep_free(name);
    fclose(file);
    return zone;
}

static void sign(const char *folder, const char *origin, const char *name, const char *mode) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    ldns_zone *zone = read_zone(origin, path);
    ldns_rr *dnskey;
    ldns_key *key = new_key(origin, strcmp(mode, "expired") == 0, &dnskey);
    ldns_rr *ds = ldns_key_rr2ds(dnskey, LDNS_SHA256);
    ldns_rr_print(stdout, ds);
    ldns_rr_free(ds);

    ldns_dnssec_zone *signed_zone = ldns_dnssec_zone_new();
    ldns_dnssec_zone_add_rr(signed_zone, ldns_zone_soa(zone));
    ldns_dnssec_zone_add_rr(signed_zone, dnskey);
    ldns_rr_list *records = ldns_zone_rrs(zone);
    for (size_t i = 0; i < ldns_rr_list_rr_count(records); i++)
        ldns_dnssec_zone_add_rr(signed_zone, ldns_rr_list_rr(records, i));
    ldns_dnssec_zone_add_empty_nonterminals(signed_zone);
    ldns_key_list *keys = ldns_key_list_new();
    ldns_key_list_push_key(keys, key);
    ldns_rr_list *fresh = ldns_rr_list_new();
    bool optout = strcmp(mode, "optout") == 0, nsec3 = optout || strcmp(mode, "nsec3") == 0;
    ldns_status status =
        nsec3 ? ldns_dnssec_zone_sign_nsec3_flg(signed_zone, fresh, keys, ldns_dnssec_default_replace_signatures, NULL,
                                                1, optout, 0, 0, NULL, 0)
              : ldns_dnssec_zone_sign_flg(signed_zone, fresh, keys, ldns_dnssec_default_replace_signatures, NULL, 0);
    if (status != LDNS_STATUS_OK) stop(origin, ldns_get_errorstr_by_id(status));

    FILE *file = fopen(path, "w");
    if (file == NULL) stop(path, "cannot be written");
    ldns_dnssec_zone_print(file, signed_zone);
    if (fclose(file) != 0) stop(path, "cannot be written");
    ldns_rr_list_free(fresh);
    ldns_key_list_free(keys);
    ldns_dnssec_zone_deep_free(signed_zone);
}

int main(int count, char **words) {
    if (count != 2) {
        fprintf(stderr, "usage: sign_zones FOLDER < MANIFEST\n");
        return 2;
    }
    char origin[256], name[256], mode[16];
    while (scanf("%255s %255s %15s", origin, name, mode) == 3)
        sign(words[1], strcmp(origin, "root") == 0 ? "." : origin, name, mode);
    return 0;
}

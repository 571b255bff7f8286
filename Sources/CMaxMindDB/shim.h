// SPDX-License-Identifier: Apache-2.0
// What Swift cannot import of libmaxminddb: a value is a union, and a path to one has a variable number of parts.
#ifndef MXCENSUS_CMAXMINDDB_SHIM_H
#define MXCENSUS_CMAXMINDDB_SHIM_H

#include <maxminddb.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

// Looks up an address of 4 or 16 octets; whether there is a record. `prefix` is the length of the network that the record
// is about.
static inline int shim_MMDB_lookup(const MMDB_s *table, const uint8_t *octets, int count, MMDB_entry_s *record,
                                   int *prefix) {
    struct sockaddr_storage address;
    memset(&address, 0, sizeof address);
    if (count == 4) {
        struct sockaddr_in *v4 = (struct sockaddr_in *)&address;
        v4->sin_family = AF_INET;
        memcpy(&v4->sin_addr, octets, 4);
    } else {
        struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address;
        v6->sin6_family = AF_INET6;
        memcpy(&v6->sin6_addr, octets, 16);
    }
    int error = MMDB_SUCCESS;
    MMDB_lookup_result_s found = MMDB_lookup_sockaddr(table, (const struct sockaddr *)&address, &error);
    if (error != MMDB_SUCCESS || !found.found_entry) return 0;
    *record = found.entry;
    // A table for both families holds IPv4 in its first 96 zeros.
    *prefix = count == 4 && table->metadata.ip_version == 6 ? found.netmask - 96 : found.netmask;
    return 1;
}

// The number under a key of a record; whether there is one.
static inline int shim_MMDB_get_uint32(MMDB_entry_s *record, const char *key, uint32_t *number) {
    const char *const path[] = {key, NULL};
    MMDB_entry_data_s value;
    if (MMDB_aget_value(record, &value, path) != MMDB_SUCCESS || !value.has_data) return 0;
    if (value.type != MMDB_DATA_TYPE_UINT32) return 0;
    *number = value.uint32;
    return 1;
}

// The text under two keys, one in the other; NULL where there is none. It has no NUL behind it and lives as long as the
// database is open.
static inline const char *shim_MMDB_get_text(MMDB_entry_s *record, const char *outer, const char *inner,
                                             uint32_t *length) {
    const char *const path[] = {outer, inner, NULL};
    MMDB_entry_data_s value;
    if (MMDB_aget_value(record, &value, path) != MMDB_SUCCESS || !value.has_data) return NULL;
    if (value.type != MMDB_DATA_TYPE_UTF8_STRING) return NULL;
    *length = value.data_size;
    return value.utf8_string;
}

#endif

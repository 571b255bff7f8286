// SPDX-License-Identifier: Apache-2.0
/* The certificates that the responder shows: made for the name that is asked for, the same each time, and kept while
 * there is room. All have one key. Names below p1234, a provider's, share one with a wildcard.
 */
#define _GNU_SOURCE
#include "certificates.h"

#include <ctype.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CACHE = 1 << 12 };

static EVP_PKEY *leaf_key, *issuer_key;
static X509 *issuer, *cache[CACHE], *own[CACHE];

static void stop(const char *what) {
    perror(what);
    exit(2);
}

static unsigned long long hash(const char *text, int salt) {
    unsigned long long value = 0xCBF29CE484222325ULL + salt;
    for (; *text != 0; text++) value = (value ^ (unsigned char)*text) * 0x100000001B3ULL;
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9ULL;
    return value ^ value >> 31;
}

static void add(X509 *certificate, int kind, const char *value) {
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, kind, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

static void set_name(X509_NAME *name, const char *text) {
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)text, -1, -1, 0);
}

/* With the issuer's dates, so that a second responder makes the same. */
static X509 *begin_certificate(const char *name, unsigned long long serial, int days) {
    X509 *certificate = X509_new();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial);
    struct tm date;
    ASN1_TIME_to_tm(X509_get0_notBefore(issuer), &date);
    time_t begin = timegm(&date);
    ASN1_TIME_set(X509_getm_notBefore(certificate), begin);
    ASN1_TIME_set(X509_getm_notAfter(certificate), begin + days * 86400LL);
    X509_set_pubkey(certificate, leaf_key);
    set_name(X509_get_subject_name(certificate), name);
    char names[300];
    snprintf(names, sizeof names, "DNS:%s", name);
    add(certificate, NID_subject_alt_name, names);
    return certificate;
}

static X509 *new_certificate(const char *name, bool expired) {
    X509 *certificate = begin_certificate(name, hash(name, expired) >> 1, expired ? 10 : 120);
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
    add(certificate, NID_basic_constraints, "critical,CA:FALSE");
    add(certificate, NID_key_usage, "critical,digitalSignature");
    add(certificate, NID_ext_key_usage, "serverAuth");
    if (X509_sign(certificate, issuer_key, NULL) == 0) stop("X509_sign");
    return certificate;
}

/* What a host comes with as it is installed: one of its own, which says that it is a CA and names nobody. */
static X509 *own_certificate(const char *asked) {
    unsigned long long serial = hash(asked, 2) >> 1;
    X509 **place = &own[serial % CACHE];
    uint64_t held = 0;
    if (*place != NULL && ASN1_INTEGER_get_uint64(&held, X509_get0_serialNumber(*place)) == 1 && held == serial)
        return *place;
    X509_free(*place);
    *place = begin_certificate("localhost.localdomain", serial, 120);
    X509_set_issuer_name(*place, X509_get_subject_name(*place));
    add(*place, NID_basic_constraints, "critical,CA:TRUE");
    if (X509_sign(*place, leaf_key, EVP_sha256()) == 0) stop("X509_sign");
    return *place;
}

/* mx1.p17.h003 and t5.p17.h003 share *.p17.h003. */
static void covering_name(const char *name, char *covering) {
    const char *rest = strchr(name, '.');
    bool is_provider = rest != NULL && rest[1] == 'p' && isdigit((unsigned char)rest[2]);
    snprintf(covering, 256, "%s%s", is_provider ? "*" : "", is_provider ? rest : name);
}

static bool covers(X509 *certificate, const char *name, bool expired) {
    return certificate != NULL && X509_check_host(certificate, name, 0, 0, NULL) == 1
           && (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) == expired;
}

int use_certificate(SSL *ssl, enum certificate kind) {
    const char *asked = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    if (kind == SIGNS_ITSELF) {
        SSL_use_certificate(ssl, own_certificate(asked == NULL ? "" : asked));
        return SSL_use_PrivateKey(ssl, leaf_key);
    }
    if (asked == NULL || kind == NAMES_ANOTHER) asked = "www.elsewhere.invalid";
    char name[256];
    covering_name(asked, name);
    bool expired = kind == HAS_EXPIRED;
    X509 **place = &cache[hash(name, expired) % CACHE];
    if (!covers(*place, asked, expired)) {
        X509_free(*place);
        *place = new_certificate(name, expired);
    }
    SSL_use_certificate(ssl, *place);
    if (kind != LACKS_ISSUER) SSL_add1_chain_cert(ssl, issuer);
    return SSL_use_PrivateKey(ssl, leaf_key);
}

static FILE *open_in(const char *folder, const char *name) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (file == NULL) stop(path);
    return file;
}

static X509 *read_certificate(const char *folder, const char *name) {
    FILE *file = open_in(folder, name);
    X509 *certificate = PEM_read_X509(file, NULL, NULL, NULL);
    fclose(file);
    if (certificate == NULL) stop(name);
    return certificate;
}

static EVP_PKEY *read_key(const char *folder, const char *name) {
    FILE *file = open_in(folder, name);
    EVP_PKEY *key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
    fclose(file);
    if (key == NULL) stop(name);
    return key;
}

void read_authority(const char *folder) {
    issuer = read_certificate(folder, "issuer.pem");
    issuer_key = read_key(folder, "issuer.key");
    leaf_key = read_key(folder, "leaf.key");
}

// SPDX-License-Identifier: Apache-2.0
// What Swift cannot import of OpenSSL: its function-like macros, each under a name of its own and with plain C types.
#ifndef MXCENSUS_COPENSSL_SHIM_H
#define MXCENSUS_COPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/core.h>
#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/ct.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

// --- The context

static inline int shim_SSL_CTX_set_min_proto_version(SSL_CTX *ctx, int version) {
    return (int)SSL_CTX_set_min_proto_version(ctx, version);
}
static inline int shim_SSL_CTX_set_max_proto_version(SSL_CTX *ctx, int version) {
    return (int)SSL_CTX_set_max_proto_version(ctx, version);
}
static inline int shim_SSL_CTX_set1_groups_list(SSL_CTX *ctx, const char *list) {
    return (int)SSL_CTX_set1_groups_list(ctx, list);
}
static inline int shim_SSL_CTX_set1_sigalgs_list(SSL_CTX *ctx, const char *list) {
    return (int)SSL_CTX_set1_sigalgs_list(ctx, list);
}
static inline void shim_SSL_CTX_set_mode(SSL_CTX *ctx, long mode) { SSL_CTX_set_mode(ctx, mode); }
static inline void shim_SSL_CTX_set_session_cache_off(SSL_CTX *ctx) {
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
}
static inline void shim_SSL_CTX_set_client_options(SSL_CTX *ctx) {
    SSL_CTX_clear_options(ctx, SSL_OP_NO_SSL_MASK | SSL_OP_NO_TICKET | SSL_OP_NO_EXTENDED_MASTER_SECRET);
    // Padding: there are load balancers that never answer a hello of 256 to 511 bytes (RFC 7685).
    SSL_CTX_set_options(ctx, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_RENEGOTIATION |
                                 SSL_OP_TLSEXT_PADDING);
}

// The type as a pointer, since Swift does not import the name of a bare function type.
typedef OSSL_CALLBACK *shim_OSSL_CALLBACK;

// --- A connection

typedef void (*shim_message_callback)(int write_p, int version, int content_type, const void *bytes, size_t count,
                                      SSL *ssl, void *arg);
static inline void shim_SSL_set_msg_callback(SSL *ssl, shim_message_callback callback, void *arg) {
    SSL_set_msg_callback(ssl, callback);
    SSL_set_msg_callback_arg(ssl, arg);
}
static inline int shim_SSL_set_tlsext_host_name(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}
static inline int shim_SSL_get_peer_tmp_key(SSL *ssl, EVP_PKEY **key) { return (int)SSL_get_peer_tmp_key(ssl, key); }
static inline int shim_SSL_get_peer_signature_nid(SSL *ssl, int *nid) {
    return (int)SSL_get_peer_signature_nid(ssl, nid);
}
static inline int shim_SSL_get_secure_renegotiation_support(SSL *ssl) {
    return (int)SSL_get_secure_renegotiation_support(ssl);
}
static inline int shim_SSL_get_extms_support(SSL *ssl) { return (int)SSL_get_extms_support(ssl); }
// The text of an errno that OpenSSL put into its queue; 0 for a code of its own.
static inline int shim_ERR_system_text(unsigned long code, char *text, size_t room) {
    if (!ERR_SYSTEM_ERROR(code)) return 0;
    snprintf(text, room, "%s", strerror(ERR_GET_REASON(code)));
    return 1;
}
static inline int shim_ERR_GET_LIB(unsigned long code) { return ERR_GET_LIB(code); }
static inline int shim_ERR_GET_REASON(unsigned long code) { return ERR_GET_REASON(code); }

// --- Certificates

static inline unsigned long shim_XN_FLAG_RFC2253(void) { return XN_FLAG_RFC2253; }

#endif

// SPDX-License-Identifier: Apache-2.0
/* reference_probe [-c CONNECTIONS] [-p PORT] CA_FILE TARGETS: the yardstick for what a STARTTLS probe costs.
 *
 * One thread, epoll, OpenSSL directly on the socket, nothing between. For each line "ADDRESS NAME" of TARGETS:
 * greeting, EHLO, STARTTLS (RFC 3207), a TLS handshake whose chain is verified against CA_FILE and whose certificate
 * must bear NAME (RFC 9525), QUIT and its answer. A probe without a fault prints one line: address, version, cipher,
 * SHA-256 of the leaf certificate. The last line on standard error is what all of it cost, as JSON; exit status 1 if a
 * probe failed.
 *
 * It knows no time-outs but one for everybody, no policies and no database: it is what remains when only the work that
 * every probe has to do is done.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 20000, EVENTS = 128, REPLY_SIZE = 1024 };

struct target {
    struct in_addr address;
    char name[256];
};

/* What a probe waits for. */
enum step { GREETING, EHLO_REPLY, STARTTLS_REPLY, HANDSHAKE, QUIT_REPLY };

/* What a step says about its probe: not over, over and well, over and not. */
enum progress { WAITING, DONE, FAILED };

struct probe {
    int socket;
    enum step step;
    const struct target *target;
    SSL *ssl;
    size_t length;
    char reply[REPLY_SIZE];
};

static SSL_CTX *tls;
static int poller;
static in_port_t port = 25;
static struct target *targets;
static size_t target_count, started, succeeded, failed;

static void stop(const char *what) {
    perror(what);
    exit(2);
}

/* --- the dialogue ------------------------------------------------------------------------------------------------ */

/* True when the whole reply is there: its last line has a space after the code (RFC 5321 section 4.2.1). */
static bool is_complete(const struct probe *probe) {
    const char *line = probe->reply, *end = probe->reply + probe->length, *newline;
    while ((newline = memchr(line, '\n', (size_t)(end - line)))) {
        if (newline - line >= 4 && line[3] == ' ')
            return true;
        line = newline + 1;
    }
    return false;
}

/* Reads what has arrived: in clear before the handshake, through TLS after it. */
static enum progress take_reply(struct probe *probe, const char *code) {
    char *room = probe->reply + probe->length;
    size_t space = sizeof probe->reply - probe->length;
    if (probe->ssl) {
        size_t count;
        int result = SSL_read_ex(probe->ssl, room, space, &count);
        if (result != 1)
            return SSL_get_error(probe->ssl, result) == SSL_ERROR_WANT_READ ? WAITING : FAILED;
        probe->length += count;
    } else {
        ssize_t count = read(probe->socket, room, space);
        if (count < 0 && errno == EAGAIN)
            return WAITING;
        if (count <= 0)
            return FAILED;
        probe->length += (size_t)count;
    }
    if (!is_complete(probe))
        return probe->length < sizeof probe->reply ? WAITING : FAILED;
    probe->length = 0;
    return memcmp(probe->reply, code, 3) == 0 ? DONE : FAILED;
}

static enum progress say(struct probe *probe, const char *command, enum step next) {
    size_t length = strlen(command), written = 0;
    probe->step = next;
    if (probe->ssl)
        return SSL_write_ex(probe->ssl, command, length, &written) == 1 ? WAITING : FAILED;
    return write(probe->socket, command, length) == (ssize_t)length ? WAITING : FAILED;
}

static enum progress print_result(const struct probe *probe) {
    unsigned char digest[32];
    unsigned length;
    X509 *leaf = SSL_get0_peer_certificate(probe->ssl);
    if (!leaf || !X509_digest(leaf, EVP_sha256(), digest, &length))
        return FAILED;
    char hex[2 * sizeof digest + 1];
    for (size_t i = 0; i < sizeof digest; i++)
        sprintf(hex + 2 * i, "%02x", digest[i]);
    printf("%s %s %s %s\n", inet_ntoa(probe->target->address), SSL_get_version(probe->ssl),
           SSL_get_cipher_name(probe->ssl), hex);
    return WAITING;
}

/* The chain and the name are checked by the library, in the handshake: a fault there is a failed handshake. */
static enum progress handshake(struct probe *probe) {
    int result = SSL_do_handshake(probe->ssl);
    if (result != 1)
        return SSL_get_error(probe->ssl, result) == SSL_ERROR_WANT_READ ? WAITING : FAILED;
    if (print_result(probe) == FAILED)
        return FAILED;
    return say(probe, "QUIT\r\n", QUIT_REPLY);
}

static enum progress begin_tls(struct probe *probe) {
    probe->step = HANDSHAKE;
    probe->ssl = SSL_new(tls);
    if (!probe->ssl || !SSL_set_fd(probe->ssl, probe->socket) ||
        !SSL_set_tlsext_host_name(probe->ssl, probe->target->name) || !SSL_set1_host(probe->ssl, probe->target->name))
        return FAILED;
    SSL_set_connect_state(probe->ssl);
    return handshake(probe);
}

static enum progress advance(struct probe *probe) {
    static const char *const expected[] = {
        [GREETING] = "220", [EHLO_REPLY] = "250", [STARTTLS_REPLY] = "220", [QUIT_REPLY] = "221"};
    if (probe->step == HANDSHAKE)
        return handshake(probe);
    enum progress reply = take_reply(probe, expected[probe->step]);
    if (reply != DONE)
        return reply;
    switch (probe->step) {
    case GREETING:
        return say(probe, "EHLO reference.bench\r\n", EHLO_REPLY);
    case EHLO_REPLY:
        return say(probe, "STARTTLS\r\n", STARTTLS_REPLY);
    case STARTTLS_REPLY:
        return begin_tls(probe);
    default:
        return DONE;
    }
}

/* --- many at once ------------------------------------------------------------------------------------------------ */

static void finish(struct probe *probe, bool well) {
    SSL_free(probe->ssl);
    if (probe->socket >= 0)
        close(probe->socket);
    ERR_clear_error();
    *(well ? &succeeded : &failed) += 1;
}

static bool connect_to_target(struct probe *probe) {
    struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = probe->target->address};
    struct epoll_event interest = {.events = EPOLLIN, .data.ptr = probe};
    probe->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    return probe->socket >= 0 &&
           (connect(probe->socket, (struct sockaddr *)&peer, sizeof peer) == 0 || errno == EINPROGRESS) &&
           epoll_ctl(poller, EPOLL_CTL_ADD, probe->socket, &interest) == 0;
}

/* Takes the next target that can be connected to; false when there is none left. */
static bool take_next(struct probe *probe) {
    while (started < target_count) {
        probe->step = GREETING;
        probe->ssl = NULL;
        probe->length = 0;
        probe->target = &targets[started++];
        if (connect_to_target(probe))
            return true;
        finish(probe, false);
    }
    return false;
}

static void probe_all(size_t connections) {
    struct probe *probes = calloc(connections, sizeof *probes);
    if (!probes)
        stop("calloc");
    size_t open = 0;
    while (open < connections && take_next(&probes[open]))
        open++;
    struct epoll_event events[EVENTS];
    while (open > 0) {
        int count = epoll_wait(poller, events, EVENTS, PATIENCE_MS);
        if (count <= 0)
            stop("nothing happened for a long time");
        for (int i = 0; i < count; i++) {
            struct probe *probe = events[i].data.ptr;
            enum progress progress = advance(probe);
            if (progress == WAITING)
                continue;
            finish(probe, progress == DONE);
            if (!take_next(probe))
                open--;
        }
    }
    free(probes);
}

/* --- what goes in and what comes out ----------------------------------------------------------------------------- */

static void read_targets(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file)
        stop(path);
    char address[64];
    struct target target;
    while (fscanf(file, "%63s %255s", address, target.name) == 2) {
        if (inet_pton(AF_INET, address, &target.address) != 1)
            stop(address);
        if ((target_count & (target_count - 1)) == 0) /* full at each power of two */
            targets = realloc(targets, (target_count ? 2 * target_count : 1) * sizeof *targets);
        if (!targets)
            stop("realloc");
        targets[target_count++] = target;
    }
    fclose(file);
}

/* One context for all: chain and name required, no session to resume, so that every handshake is a full one. */
static void prepare_tls(const char *ca_file) {
    tls = SSL_CTX_new(TLS_client_method());
    if (!tls || SSL_CTX_load_verify_file(tls, ca_file) != 1) {
        ERR_print_errors_fp(stderr);
        exit(2);
    }
    SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_read_ahead(tls, 1);
    SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(tls, SSL_OP_NO_TICKET | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
}

static double cpu_ms(const struct rusage *usage) {
    return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1e3 +
           (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e3;
}

int main(int argc, char **argv) {
    size_t connections = 500;
    for (int option; (option = getopt(argc, argv, "c:p:")) != -1;) {
        if (option == 'c')
            connections = strtoul(optarg, NULL, 10);
        else if (option == 'p')
            port = (in_port_t)strtoul(optarg, NULL, 10);
        else
            return 2;
    }
    if (argc - optind != 2 || connections == 0) {
        fprintf(stderr, "usage: reference_probe [-c CONNECTIONS] [-p PORT] CA_FILE TARGETS\n");
        return 2;
    }
    prepare_tls(argv[optind]);
    read_targets(argv[optind + 1]);
    if ((poller = epoll_create1(EPOLL_CLOEXEC)) < 0)
        stop("epoll_create1");

    struct rusage before, after;
    struct timespec begin, end;
    getrusage(RUSAGE_SELF, &before);
    clock_gettime(CLOCK_MONOTONIC, &begin);
    probe_all(connections);
    fflush(stdout);
    clock_gettime(CLOCK_MONOTONIC, &end);
    getrusage(RUSAGE_SELF, &after);
    fprintf(stderr, "{\"units\":%zu,\"failed\":%zu,\"cpu_ms\":%.3f,\"wall_ms\":%.3f,\"peak_rss_kb\":%ld}\n",
            succeeded + failed, failed, cpu_ms(&after) - cpu_ms(&before),
            (double)(end.tv_sec - begin.tv_sec) * 1e3 + (double)(end.tv_nsec - begin.tv_nsec) / 1e6, after.ru_maxrss);
    return failed > 0;
}

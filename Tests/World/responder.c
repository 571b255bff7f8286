// SPDX-License-Identifier: Apache-2.0
/* responder FOLDER STATE: all mail hosts of the world, in one thread (epoll, OpenSSL).
 *
 * It listens on port 25 of every address. The last three octets of the address a client has come to say how to behave:
 * the lines "WORD FIRST LAST" of FOLDER/behaviours name second octets of 10/8. On SIGUSR1 and at its end it writes STATE:
 * connections of each behaviour, the CPU it took, and which addresses of `greylist` have let somebody in at last.
 */
#define _GNU_SOURCE
#include "certificates.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 256, LINE = 512, SLOW_MS = 200, GREY_MS = 1000, BURST_MS = 300 };
enum behaviour {
    GOOD, TLS12, NO_STARTTLS, EXPIRED, SELF_SIGNED, WRONG_NAME, MISSING_INTERMEDIATE, GREYLIST, THROTTLE, SLOW,
    STALL_TLS, STALL_GREETING, BUSY, REFUSES, STARTTLS_454, STARTTLS_502, ALERT, BEHAVIOURS
};
static const char *const words[BEHAVIOURS] = {
    "good", "tls12", "no_starttls", "expired", "self_signed", "wrong_name", "missing_intermediate", "greylist",
    "throttle", "slow", "stall_tls", "stall_greeting", "busy", "refuses", "starttls_454", "starttls_502", "alert"
};

struct client {
    int socket;
    enum behaviour behaviour;
    bool handshaking, secure, ends, refuse_tls;
    SSL *ssl;
    size_t length;
    char line[LINE];
    /* What `slow` will say at its time: one reply at most, since nobody may pipeline here. */
    const char *late;
    long long due;
    struct client *next;
};

static SSL_CTX *tls;
static int poller;
static unsigned char behaviour_of[256];
static unsigned long long connections[BEHAVIOURS];
static long long now;
/* By the last 24 bits of an address: when it was first or last contacted (ms), and whether it has let somebody in. */
static unsigned *contacted;
static unsigned char *passed;
static struct client *slow_first, *slow_last;

static void stop(const char *what) {
    perror(what);
    exit(2);
}

static long long clock_ms(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

static void read_behaviours(const char *folder) {
    char path[1024];
    snprintf(path, sizeof path, "%s/behaviours", folder);
    FILE *file = fopen(path, "r");
    if (file == NULL) stop(path);
    char word[64];
    int first, last;
    while (fscanf(file, "%63s %d %d", word, &first, &last) == 3)
        for (int i = 0; i < BEHAVIOURS; i++)
            if (strcmp(word, words[i]) == 0) memset(behaviour_of + first, i, last - first);
    fclose(file);
}

static int choose_certificate(SSL *ssl, void *unused) {
    (void)unused;
    const struct client *client = SSL_get_app_data(ssl);
    switch (client->behaviour) {
    case EXPIRED: return use_certificate(ssl, HAS_EXPIRED);
    case SELF_SIGNED: return use_certificate(ssl, SIGNS_ITSELF);
    case WRONG_NAME: return use_certificate(ssl, NAMES_ANOTHER);
    case MISSING_INTERMEDIATE: return use_certificate(ssl, LACKS_ISSUER);
    default: return use_certificate(ssl, IS_GOOD);
    }
}

static void prepare_tls(void) {
    tls = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_options(tls, SSL_OP_NO_TICKET | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_num_tickets(tls, 0);
    SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_cert_cb(tls, choose_certificate, NULL);
}

static void end(struct client *client) {
    if (client->due != 0) { /* its turn frees it */
        client->ends = true;
        return;
    }
    if (client->ssl != NULL) SSL_free(client->ssl);
    close(client->socket);
    free(client);
}

static void send_now(struct client *client, const char *text) {
    int length = strlen(text);
    if (client->secure)
        SSL_write(client->ssl, text, length);
    else if (send(client->socket, text, length, MSG_NOSIGNAL) < 0)
        return;
}

static void say(struct client *client, const char *text) {
    if (client->behaviour != SLOW) {
        send_now(client, text);
        return;
    }
    client->late = text;
    client->due = now + SLOW_MS;
    client->next = NULL;
    *(slow_first == NULL ? &slow_first : &slow_last->next) = client;
    slow_last = client;
}

static void say_what_is_due(void) {
    while (slow_first != NULL && slow_first->due <= now) {
        struct client *client = slow_first;
        slow_first = client->next;
        client->due = 0;
        if (!client->ends) send_now(client, client->late);
        if (client->ends || strncmp(client->late, "221", 3) == 0) end(client);
    }
}

/* Whether the client is to go on. */
static bool answer(struct client *client, const char *line) {
    enum behaviour behaviour = client->behaviour;
    if (strncasecmp(line, "EHLO ", 5) == 0) {
        bool offers = behaviour != NO_STARTTLS && !client->secure;
        say(client, offers ? "250-mail.world\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-STARTTLS\r\n250 8BITMIME\r\n"
                           : "250-mail.world\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250 8BITMIME\r\n");
    } else if (strcasecmp(line, "STARTTLS") == 0 && !client->secure && behaviour != NO_STARTTLS) {
        if (behaviour == STARTTLS_454) {
            say(client, "454 4.7.0 TLS not available for now\r\n");
            return true;
        }
        if (behaviour == STARTTLS_502) {
            say(client, "502 5.5.1 not implemented\r\n");
            return true;
        }
        say(client, "220 2.0.0 go ahead\r\n");
        client->handshaking = true;
    } else if (strcasecmp(line, "QUIT") == 0) {
        say(client, "221 2.0.0 bye\r\n");
        return behaviour == SLOW; /* it ends when it has said so */
    } else {
        say(client, "502 5.5.2 unknown command\r\n");
    }
    return true;
}

static bool read_lines(struct client *client) {
    char *line = client->line, *stop_at;
    while ((stop_at = memchr(line, '\n', client->line + client->length - line)) != NULL && !client->handshaking) {
        *stop_at = 0;
        if (stop_at > line && stop_at[-1] == '\r') stop_at[-1] = 0;
        if (!answer(client, line)) return false;
        line = stop_at + 1;
    }
    client->length -= line - client->line;
    memmove(client->line, line, client->length);
    return client->length < LINE - 1;
}

static bool shake_hands(struct client *client) {
    if (client->behaviour == STALL_TLS) {
        char dropped[4096];
        ssize_t count = recv(client->socket, dropped, sizeof dropped, 0);
        return count > 0 || (count < 0 && errno == EAGAIN);
    }
    if (client->behaviour == ALERT) {
        char hello[4096];
        if (recv(client->socket, hello, sizeof hello, 0) < 0) return errno == EAGAIN;
        /* handshake_failure, fatal (RFC 8446 §6.2) */
        static const char alert[] = {21, 3, 3, 0, 2, 2, 40};
        send(client->socket, alert, sizeof alert, MSG_NOSIGNAL);
        return false;
    }
    if (client->ssl == NULL) {
        client->ssl = SSL_new(tls);
        SSL_set_app_data(client->ssl, client);
        SSL_set_fd(client->ssl, client->socket);
        if (client->behaviour == TLS12) SSL_set_max_proto_version(client->ssl, TLS1_2_VERSION);
    }
    ERR_clear_error();
    int result = SSL_accept(client->ssl);
    if (result == 1) {
        client->handshaking = false;
        client->secure = true;
        client->length = 0;
        return true;
    }
    int error = SSL_get_error(client->ssl, result);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

static bool hear(struct client *client) {
    for (;;) {
        if (client->handshaking) {
            if (!shake_hands(client)) return false;
            if (client->handshaking) return true;
        }
        char *free_place = client->line + client->length;
        int room = LINE - 1 - client->length;
        ssize_t count;
        if (client->secure) {
            ERR_clear_error();
            count = SSL_read(client->ssl, free_place, room);
            if (count <= 0) return SSL_get_error(client->ssl, count) == SSL_ERROR_WANT_READ;
        } else {
            count = recv(client->socket, free_place, room, 0);
            if (count == 0) return false;
            if (count < 0) return errno == EAGAIN;
        }
        client->length += count;
        if (!read_lines(client)) return false;
    }
}

/* The last 24 bits of the address that the client has come to. */
static unsigned own_address(int socket) {
    struct sockaddr_in6 address;
    socklen_t size = sizeof address;
    if (getsockname(socket, (struct sockaddr *)&address, &size) != 0) return 0;
    const unsigned char *last = address.sin6_addr.s6_addr + 12;
    return last[1] << 16 | last[2] << 8 | last[3];
}

static const char *greeting(struct client *client, unsigned address) {
    unsigned before = contacted[address], moment = (unsigned)now | 1;
    switch (client->behaviour) {
    case STALL_GREETING: return NULL;
    case BUSY: return "421 4.3.2 too busy, come again\r\n";
    case REFUSES: return "554 5.3.2 no mail service here\r\n";
    case GREYLIST: /* the time of the first contact */
        if (before == 0) contacted[address] = moment;
        if (before == 0 || moment - before < GREY_MS) return "451 4.7.1 greylisted, come again\r\n";
        passed[address] = 1;
        break;
    case THROTTLE: /* the time of the last contact */
        contacted[address] = moment;
        if (before != 0 && moment - before < BURST_MS) return "421 4.7.0 too many connections\r\n";
        break;
    default: break;
    }
    return "220 mail.world ESMTP\r\n";
}

static void welcome(int listener) {
    for (;;) {
        int socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket < 0) return;
        int one = 1;
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct client *client = calloc(1, sizeof *client);
        unsigned address = own_address(socket);
        client->socket = socket;
        client->behaviour = behaviour_of[address >> 16];
        connections[client->behaviour]++;
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
        epoll_ctl(poller, EPOLL_CTL_ADD, socket, &event);
        const char *text = greeting(client, address);
        if (text == NULL) continue;
        say(client, text);
        if (text[0] != '2') {
            shutdown(socket, SHUT_WR);
            end(client);
        }
    }
}

static void write_state(const char *path) {
    char fresh[1024];
    snprintf(fresh, sizeof fresh, "%s.new", path);
    FILE *file = fopen(fresh, "w");
    if (file == NULL) stop(fresh);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    fprintf(file, "{\"cpu_ms\": %ld, \"connections\": {",
            usage.ru_utime.tv_sec * 1000 + usage.ru_utime.tv_usec / 1000 + usage.ru_stime.tv_sec * 1000
                + usage.ru_stime.tv_usec / 1000);
    for (int i = 0; i < BEHAVIOURS; i++) fprintf(file, "%s\"%s\": %llu", i ? ", " : "", words[i], connections[i]);
    fprintf(file, "}, \"passed\": [");
    bool first = true;
    for (unsigned i = 0; i < 1 << 24; i++)
        if (passed[i]) {
            fprintf(file, "%s%u", first ? "" : ", ", i);
            first = false;
        }
    fprintf(file, "]}\n");
    fclose(file);
    rename(fresh, path);
}

static int listen_on_all(void) {
    int listener = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1, zero = 0;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof zero);
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(25)};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0) stop("port 25");
    if (listen(listener, 32768) != 0) stop("listen");
    return listener;
}

int main(int count, char **arguments) {
    if (count != 3) {
        fprintf(stderr, "usage: responder FOLDER STATE\n");
        return 2;
    }
    read_behaviours(arguments[1]);
    read_authority(arguments[1]);
    prepare_tls();
    contacted = calloc(1 << 24, sizeof *contacted);
    passed = calloc(1 << 24, 1);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGUSR1);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    int listener = listen_on_all(), told = signalfd(-1, &signals, SFD_CLOEXEC);
    poller = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event of_listener = {.events = EPOLLIN, .data.ptr = &listener};
    struct epoll_event of_signals = {.events = EPOLLIN, .data.ptr = &told};
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &of_listener);
    epoll_ctl(poller, EPOLL_CTL_ADD, told, &of_signals);
    for (;;) {
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(poller, events, EVENTS, slow_first != NULL ? 10 : -1);
        now = clock_ms();
        for (int i = 0; i < ready; i++) {
            if (events[i].data.ptr == &listener) {
                welcome(listener);
            } else if (events[i].data.ptr == &told) {
                struct signalfd_siginfo signal_;
                if (read(told, &signal_, sizeof signal_) != sizeof signal_) continue;
                write_state(arguments[2]);
                if (signal_.ssi_signo == SIGTERM) return 0;
            } else {
                struct client *client = events[i].data.ptr;
                if (!client->ends && !hear(client)) {
                    epoll_ctl(poller, EPOLL_CTL_DEL, client->socket, NULL);
                    end(client);
                }
            }
        }
        say_what_is_due(); /* and frees who is done, of whom no event may be left */
    }
}

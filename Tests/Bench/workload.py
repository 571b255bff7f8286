# SPDX-License-Identifier: Apache-2.0
"""How much the bench does, and which address belongs to which mail host."""

import os

ENDPOINTS = int(os.environ.get("BENCH_ENDPOINTS", 4_000))
ENDPOINTS_PER_HOST = 10
QUESTIONS = int(os.environ.get("BENCH_QUESTIONS", 5_000))
SIGNED = int(os.environ.get("BENCH_SIGNED", 400))
UNSIGNED = int(os.environ.get("BENCH_UNSIGNED", 4 * SIGNED))  # several in each gap between two signed ones
POLICIES = int(os.environ.get("BENCH_POLICIES", 300))
REPEATS = int(os.environ.get("BENCH_REPEATS", 3))  # of each side of a difference in a pair
PAIRS = int(os.environ.get("BENCH_PAIRS", 5))
CONNECTIONS = 500
LOOKUPS = 200


def host_count():
    return max(1, ENDPOINTS // ENDPOINTS_PER_HOST)


def policy_hosts():
    """The mail hosts of the domains with policies: as many endpoints as domains, and no more than there are."""
    return min(host_count(), max(1, POLICIES // ENDPOINTS_PER_HOST))


def address(host, i):
    """127.64.0.0 and up: all of 127/8 is this machine, and the lab's own servers live in 127.0/16."""
    number = host * ENDPOINTS_PER_HOST + i
    return f"127.{64 + (number >> 16)}.{number >> 8 & 255}.{number & 255}"

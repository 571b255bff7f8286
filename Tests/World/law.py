# SPDX-License-Identifier: Apache-2.0
"""What the world is like: every share and every constant of it, in one place.

How many domains share a mail provider follows the law of Zipf and Mandelbrot: the provider of rank r has a weight of
(r + SHIFT) ** -EXPONENT. Fitted to the 926 domains that the EFF's STARTTLS Everywhere list had in the end, over the 424
of them whose first MX host is not their own (registered domains counted, best of a grid):

                             top 1   top 5   top 20   top 50   distinct/n   seen once/n
    the list                 0.132   0.380   0.590    0.759    0.354        0.231
    EXPONENT 1.4, SHIFT 2    0.129   0.367   0.605    0.730    0.345        0.240

Of that list 54 % run their own host, and 58, 25, 6, 4, 4 and 3 % have 1, 2, 3, 4, 5 and more MX records. It is a list of
enthusiasts; a million popular domains have 367,000 hosts, which OWN = 0.25 comes to.
"""

PROVIDERS = 10_000
EXPONENT = 1.4
SHIFT = 2
OWN = 0.25
MX_COUNT = [(1, 0.58), (2, 0.25), (3, 0.06), (4, 0.04), (5, 0.07)]
# Providers that give each customer an MX name of its own, on the same few addresses; by rank from 0.
TENANT_RANKS = {3, 8, 21, 55, 144}

# What a domain says about its mail. The rest has MX records.
SHAPES = [
    ("null_mx", 0.03),
    ("none", 0.03),
    ("nxdomain", 0.03),
    ("implicit", 0.02),
    ("all_targets_invalid", 0.003),
    ("null_mx_nonzero_pref", 0.001),
    ("null_mx_mixed", 0.001),
    ("explicit", 0.885),
]

# Where a domain lives: a name in a wide zone, or a delegated zone of its own.
DELEGATED, MOST_DELEGATED = 0.02, 20_000
DELEGATED_KINDS = [("secure", 0.5), ("insecure", 0.35), ("bogus", 0.1), ("lame", 0.05)]
WIDE_SIGNED = 0.15
UNREACHABLE = 0.001  # in a wide zone whose name server is a black hole
HOST_ZONES_SIGNED = 0.25

# A mail host of one domain.
ADDRESS_FLAWS = [("nxdomain", 0.01), ("nodata", 0.005), ("alias", 0.02), ("v6_only", 0.003), ("both", 0.12), ("v4", 0.842)]
SHARED_ADDRESS = 0.2  # good hosts that live on an address with others
TLSA = [("none", 0.5), ("ee", 0.3), ("ta", 0.06), ("ee_next", 0.06), ("wrong", 0.05), ("unusable", 0.03)]

# How a mail host behaves, and the second octets of its addresses in 10/8. Those of `black_hole` swallow every packet,
# those of `dead` have no route; responder.c plays all others.
BEHAVIOURS = {
    "good": (0, 60),
    "tls12": (60, 64),
    "no_starttls": (64, 66),
    "expired": (66, 68),
    "self_signed": (68, 70),
    "wrong_name": (70, 72),
    "missing_intermediate": (72, 74),
    "greylist": (74, 76),
    "throttle": (76, 78),
    "slow": (78, 80),
    "stall_tls": (80, 82),
    "stall_greeting": (82, 84),
    "busy": (84, 86),
    "refuses": (86, 88),
    "starttls_454": (88, 90),
    "starttls_502": (90, 92),
    "alert": (92, 94),
    "black_hole": (128, 192),
    "dead": (192, 196),
}
OWN_BEHAVIOURS = {
    "good": 0.76,
    "tls12": 0.06,
    "no_starttls": 0.02,
    "expired": 0.02,
    "self_signed": 0.03,
    "wrong_name": 0.02,
    "missing_intermediate": 0.01,
    "greylist": 0.01,
    "throttle": 0.01,
    "slow": 0.01,
    "stall_tls": 0.002,
    "stall_greeting": 0.002,
    "busy": 0.005,
    "refuses": 0.005,
    "starttls_454": 0.004,
    "starttls_502": 0.003,
    "alert": 0.004,
    "black_hole": 0.005,
    "dead": 0.02,
}
PROVIDER_BEHAVIOURS = [
    ("good", 0.86),
    ("tls12", 0.05),
    ("no_starttls", 0.02),
    ("expired", 0.02),
    ("wrong_name", 0.04),
    ("missing_intermediate", 0.01),
]


def own_behaviours(black_holes=None):
    """The shares for hosts of one domain; `black_holes` replaces that of the black holes, the others make room."""
    shares = dict(OWN_BEHAVIOURS)
    if black_holes is not None:
        rest = 1 - shares.pop("black_hole")
        shares = {word: share * (1 - black_holes) / rest for word, share in shares.items()}
        shares["black_hole"] = black_holes
    return list(shares.items())


def wide_zone_count(domains):
    """Wide zones of about 5,000 domains, a few hundred at most."""
    return min(400, max(20, domains // 5_000))

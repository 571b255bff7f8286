# SPDX-License-Identifier: Apache-2.0
"""The modes of the soak that run whole scans."""

import os
import signal
import statistics
import time

import cuts
import faults

FLAT = 1.10
MOST_MORE_MEMORY = 1.10
MOST_MORE_WITH_HOLES = 1.20
MOST_STALLED_KB = 60


def killed(soak, worlds):
    """A scan that is killed SOAK_KILLS times on its way, and the truth at its end."""
    (world,) = worlds
    kills = int(os.environ.get("SOAK_KILLS", "2"))
    points = sorted(soak.dice.random() for _ in range(kills))
    with soak.servers(world) as servers:
        scan = soak.scan(world, "killed", *connections(500))
        scan.run_killed(points, scan.units)
        print(f"  {scan.runs} runs, killed at {', '.join(f'{point:.0%}' for point in points) or 'no point'}")
        for domains, hosts, endpoints, cpu_ms in scan.killed:
            print(f"  killed after {domains} domains, {hosts} hosts, {endpoints} endpoints; {cpu_ms / 1000:.1f} s CPU")
        soak.costs(scan)
        state = servers.state()
        print(f"  servers hold {servers.memory_mb()} MB; the responder took {state['cpu_ms'] / 1000:.1f} s CPU for")
        print(f"  {sum(state['connections'].values())} connections")
        soak.judge(scan, servers)


def flat(soak, worlds):
    """The same cost for each domain, host and endpoint, however many there are."""
    figures = []
    for world in worlds:
        print(f"{world.name}")
        with soak.servers(world) as servers:
            scan = soak.scan(world, "flat", *connections(500))
            scan.run()
            soak.costs(scan)
            soak.judge(scan, servers)
            figures.append(({name: soak.cost(scan, name) for name in scan.stages()}, scan.peak_mb))
    (small, small_memory), (large, large_memory) = figures[0], figures[-1]
    for stage in small:
        ratio = large[stage] / small[stage] if small[stage] else 1
        soak.require(ratio <= FLAT, f"{stage}: {small[stage]:.0f} us -> {large[stage]:.0f} us a unit, {ratio:.2f}")
    print(f"  peak memory: {small_memory:.0f} MB -> {large_memory:.0f} MB")


def dns(soak, worlds):
    """What DNS says of millions, without a visit to anybody: memory that does not grow with their number."""
    peaks = []
    for world in worlds:
        print(f"{world.name}")
        with soak.servers(world):
            scan = soak.scan(world, "dns", "--max-connections", 1)
            scan.begin()
            while scan.is_running() and scan.stage() in ("reading", "domains", "hosts"):
                time.sleep(2)
            status = scan.end(signal.SIGTERM)
            domains, hosts, _ = scan.units_done()
            is_whole = domains >= scan.made["domains"] and hosts >= scan.made["hosts"]
            soak.require(is_whole and status in (0, 1), f"{domains} domains and {hosts} hosts looked up, status {status}")
            print(f"  {scan.cpu_ms * 1000 / max(1, domains):.0f} us CPU a domain, {scan.wall_s:.0f} s, peak {scan.peak_mb:.0f} MB")
            peaks.append(scan.peak_mb)
    ratio = peaks[-1] / peaks[0]
    soak.require(ratio <= MOST_MORE_MEMORY, f"peak memory: {peaks[0]:.0f} MB -> {peaks[-1]:.0f} MB, {ratio:.2f}")


def holes(soak, worlds):
    """30 % black holes, 10 seconds each, 5,000 connections at once: dear in time, not in work; and stalled handshakes."""
    without, with_holes, few_stalled, many_stalled = worlds
    each = []
    for world in (without, with_holes):
        print(f"{world.name}")
        with soak.servers(world) as servers:
            scan = soak.scan(world, "holes", *connections(5_000))
            scan.run()
            soak.costs(scan)
            soak.judge(scan, servers)
            domains = scan.stages()["domains"]["units"]
            each.append(scan.cpu_ms * 1000 / domains)
    ratio = each[1] / each[0]
    soak.require(ratio <= MOST_MORE_WITH_HOLES, f"CPU a domain: {each[0]:.0f} us -> {each[1]:.0f} us, {ratio:.2f}")
    few, many = held_by_stalled(soak, few_stalled, 500), held_by_stalled(soak, many_stalled, 5_000)
    kilobytes = (many - few) * 1000 / 4_500
    text = f"stalled in the handshake: 500 hold {few:.0f} MB, 5,000 hold {many:.0f} MB: {kilobytes:.0f} KB each"
    soak.require(kilobytes <= MOST_STALLED_KB, text)


def held_by_stalled(soak, world, at_once):
    """Memory of a scan while so many servers have said 220 to STARTTLS and nothing since."""
    with soak.servers(world) as servers:
        scan = soak.scan(world, "stalled", *connections(at_once, patience=10))
        scan.run()
        soak.judge(scan, servers)
        # Endpoints are the last wave before judging; most of the time goes by while they wait.
        return statistics.quantiles([held for _, held in scan.memory], n=10)[-1]


def connections(at_once, patience=20):
    """Ten seconds for a connection; more for the rest, where our own lateness on a busy machine would show."""
    return (
        *("--max-connections", at_once, "--connect-timeout", 10),
        *("--greeting-timeout", patience, "--reply-timeout", patience),
    )


MODES = {"killed": killed, "flat": flat, "dns": dns, "holes": holes, "faults": faults.run, "cuts": cuts.run}

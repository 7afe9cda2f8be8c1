/**
 * What a region that is another Kubernetes cluster costs, on real control planes of which kwok plays the kubelets: from a pod's creation to Ready beside
 * what one gets without Spillway ({@link dev.spillway.bench.region.EndToEndBenchmark}), a controller that starts again ({@link
 * dev.spillway.bench.region.RestartBenchmark}), virtual nodes that do nothing ({@link dev.spillway.bench.region.IdleNodesBenchmark}), and a healthy region
 * beside a sick one ({@link dev.spillway.bench.region.NoisyNeighbourBenchmark}). Each prints and does not judge: the exit code is 0 whatever the figures, 1
 * where it could not be carried out, 2 for a bad option.
 *
 * <p>The controller is a process of its own, at a region by the user of {@code deploy/region-cluster}. Everything is taken from outside: a watch, the audit
 * logs, the operating system's figures of each process.
 */
@NullMarked
package dev.spillway.bench.region;

import org.jspecify.annotations.NullMarked;

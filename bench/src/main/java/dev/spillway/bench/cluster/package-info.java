/**
 * A Kubernetes API server as a benchmark uses it: {@link dev.spillway.bench.cluster.BenchApi} with a user agent of its own, and
 * {@link dev.spillway.bench.cluster.AuditLog}, which says who else wrote what.
 */
@NullMarked
package dev.spillway.bench.cluster;

import org.jspecify.annotations.NullMarked;

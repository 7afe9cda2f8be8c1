/**
 * Between the core's words and the Kubernetes API's: effects become requests, responses become answers, objects become
 * records. Pure: no I/O, no clock, no thread, so that production over HTTP and the simulation over an in-memory API server
 * run the same code. It must not decide anything. Start at {@link dev.spillway.kube.translate.ClusterRequests} for what
 * goes out and {@link dev.spillway.kube.translate.Decoder} for what comes in.
 */
@NullMarked
package dev.spillway.kube.translate;

import org.jspecify.annotations.NullMarked;

/**
 * The way to a real API server: connection, HTTP client, and the core's cluster port over them. What requests and answers
 * mean is in {@link dev.spillway.kube.translate}; here they are only carried, each mutating one at most once. It must not
 * decide anything. Start at {@link dev.spillway.kube.http.HttpClusterApi}, then {@link dev.spillway.kube.http.ApiClient}.
 */
@NullMarked
package dev.spillway.kube.http;

import org.jspecify.annotations.NullMarked;

/**
 * As much of HTTP/1.1 as a kubelet's API takes: strict heads, one answer on each connection, and raw bytes both ways after a change of
 * protocol. It knows nothing of pods. Why it is hand-written: decisions/0018.
 */
@NullMarked
package dev.spillway.kubelet.http;

import org.jspecify.annotations.NullMarked;

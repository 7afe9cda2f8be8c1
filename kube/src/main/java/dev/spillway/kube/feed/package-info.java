/**
 * Facts from the API server: lists and watches of every kind the core is told of, as events, without gaps and without
 * repetition of what has not changed. It must not decide anything. Start at {@link dev.spillway.kube.feed.Feed}.
 */
@NullMarked
package dev.spillway.kube.feed;

import org.jspecify.annotations.NullMarked;

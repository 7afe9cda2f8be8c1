package dev.spillway.embedded.store;

/** What a request is answered with: one answer, or a stream of events. */
public sealed interface Reply permits Response, Watch {}

package dev.spillway.trials.scalein;

import java.time.Instant;

/** What an API server held of an object from one change of it to the next. Immutable. */
public sealed interface Version permits PodVersion, ReplicaSetVersion {
    /** The resourceVersion: a later change of whatever object has a greater one. */
    long number();

    /** When the watching client was told. */
    Instant seen();
}

package dev.spillway.core.port;

/** How soon a call has to begin compared with others that wait; most urgent first. */
public enum Urgency {
    /** A placement waits for it. */
    PROMPT,
    /** What others act upon. */
    STATE,
    /** What people read. */
    TEXT,
    /** Kubernetes Events. */
    COURTESY
}

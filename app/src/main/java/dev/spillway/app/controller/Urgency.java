package dev.spillway.app.controller;

/** How soon a call has to begin compared with others of its lane; most urgent first. */
enum Urgency {
    /** A placement waits for it. */
    PROMPT,
    /** What others act upon. */
    STATE,
    /** What people read. */
    TEXT,
    /** Kubernetes Events. */
    COURTESY
}

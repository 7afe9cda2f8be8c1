package dev.spillway.embedded.api;

/** What a request wants, in the words of the API. */
public enum Verb {
    CREATE,
    GET,
    LIST,
    WATCH,
    UPDATE,
    PATCH,
    DELETE,
    DELETE_COLLECTION
}

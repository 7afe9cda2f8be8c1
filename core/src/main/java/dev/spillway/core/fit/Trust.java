package dev.spillway.core.fit;

/** What is taken for true of pods whose region has not answered yet, where that would let another pod in. */
enum Trust {
    /** Nothing: a place is only there once it is sure. */
    SURE,
    /** That they will get what is being asked for, unless that is in doubt already. */
    HOPED
}

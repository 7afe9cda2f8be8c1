package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where a story is played: our store, or a real cluster. */
interface Stage {

    /** Asks what must be granted; a body of a PATCH is a merge patch. */
    ObjectNode call(String method, String path, @Nullable ObjectNode body);

    /** Lets time go by. */
    void pass(int seconds);

    Instant now();
}

package dev.spillway.core.placement;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * When each unit first did not take a pod, as the pod's annotation carries it over a restart: {@code 1=INSTANT,2=INSTANT}, in the
 * decision clock. What cannot be read starts anew.
 */
public final class WaitingSince {
    private WaitingSince() {}

    /** From the annotation's text; empty where there is none. */
    public static SortedMap<Integer, Instant> read(String text) {
        if (text.isEmpty()) {
            return Collections.emptySortedMap();
        }
        var map = new TreeMap<Integer, Instant>();
        for (var entry : text.split(",", -1)) {
            int equals = entry.indexOf('=');
            if (equals <= 0) {
                continue;
            }
            try {
                map.put(Integer.valueOf(entry.substring(0, equals)), Instant.parse(entry.substring(equals + 1)));
            } catch (NumberFormatException | DateTimeException e) {
                // Somebody wrote into it: that unit's clock starts anew.
            }
        }
        return map;
    }

    /** As the annotation's text. */
    public static String text(SortedMap<Integer, Instant> since) {
        return since.entrySet().stream()
                .map((Map.Entry<Integer, Instant> entry) -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
    }
}

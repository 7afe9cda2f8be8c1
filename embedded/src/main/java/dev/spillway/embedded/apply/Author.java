package dev.spillway.embedded.apply;

import dev.spillway.embedded.api.ResourceType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Who writes what, and when.
 *
 * @param manager the name under which fields are owned; {@link #named} makes it
 * @param type of the object
 * @param nature of the type
 * @param subresource that is written; empty for the object itself
 */
public record Author(String manager, ResourceType type, Nature nature, String subresource, Instant now) {

    /** What the ownership of fields depends on. */
    public enum Nature {
        BUILT_IN,
        WITHOUT_STATUS,
        CUSTOM
    }

    /** As long as a name may be: apimachinery, FieldManagerMaxLength. */
    private static final int LONGEST_NAME = 128;

    /**
     * The name of a manager: what the client calls itself for this purpose, else the first part of its user agent.
     *
     * <p>Rules: apiserver {@code endpoints/handlers/create.go}, managerOrUserAgent.
     *
     * @param fieldManager may be empty
     * @param userAgent such as {@code kubectl/v1.37.2 (linux/amd64)}
     */
    public static String named(String fieldManager, String userAgent) {
        if (!fieldManager.isEmpty()) {
            return fieldManager;
        }
        int slash = userAgent.indexOf('/');
        StringBuilder name = new StringBuilder();
        (slash < 0 ? userAgent : userAgent.substring(0, slash))
                .codePoints()
                .filter(letter -> !Character.isISOControl(letter))
                .limit(LONGEST_NAME)
                .forEach(name::appendCodePoint);
        return name.isEmpty() ? "unknown" : name.toString();
    }

    /** When it writes; the server leaves that open for a scale. */
    String time() {
        return subresource.equals("scale")
                ? ""
                : now.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    Manager as(Manager.Operation operation) {
        String version = operation == Manager.Operation.APPLY ? null : type.apiVersion();
        return new Manager(manager, operation, version, subresource);
    }

    Author called(String name) {
        return new Author(name, type, nature, subresource, now);
    }
}

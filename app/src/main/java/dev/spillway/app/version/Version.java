package dev.spillway.app.version;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** The version of this build, and which sources it was built from. */
public final class Version {
    private static final Properties PROPERTIES = read();
    private static final String TEXT = Objects.requireNonNull(PROPERTIES.getProperty("version"), "version");
    private static final String UNKNOWN = "unknown";

    private Version() {}

    /** Such as {@code 0.1.0}. */
    public static String text() {
        return TEXT;
    }

    /**
     * The whole hash of the commit it was built from; {@code -changed} follows where files of the commit had been edited, and {@code
     * unknown} stands where it was built without git.
     */
    public static String commit() {
        return PROPERTIES.getProperty("commit", UNKNOWN);
    }

    /** When that commit was made, such as {@code 2026-12-01T03:10:27Z}, or {@code unknown}. Not when it was built: two builds of one commit are equal. */
    public static String commitTime() {
        return PROPERTIES.getProperty("commit.time", UNKNOWN);
    }

    /** How a part of Spillway names itself to servers. */
    public static String userAgent(String part) {
        return "spillway/%s (%s)".formatted(TEXT, part);
    }

    private static Properties read() {
        try (var file = Version.class.getResourceAsStream("/spillway.properties")) {
            var properties = new Properties();
            properties.load(Objects.requireNonNull(file, "spillway.properties"));
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

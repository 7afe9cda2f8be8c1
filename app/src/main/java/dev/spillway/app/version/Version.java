package dev.spillway.app.version;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** The version of this build. */
public final class Version {
    private static final String TEXT = read();

    private Version() {}

    /** Such as {@code 0.1.0}. */
    public static String text() {
        return TEXT;
    }

    /** How a part of Spillway names itself to servers. */
    public static String userAgent(String part) {
        return "spillway/%s (%s)".formatted(TEXT, part);
    }

    private static String read() {
        try (var file = Version.class.getResourceAsStream("/spillway.properties")) {
            var properties = new Properties();
            properties.load(Objects.requireNonNull(file, "spillway.properties"));
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

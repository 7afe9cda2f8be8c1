package dev.spillway.trials.canary;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.GZIPInputStream;

/** All that came out of a controller, by the way it came out. Thread-safe. */
final class Evidence {
    private static final long LARGEST_FILE = 64L * 1024 * 1024;

    /** A way out. */
    enum Channel {
        LOG,
        WRITTEN_AT_HOME,
        URL,
        METRICS,
        HEALTH,
        COMMAND_OUTPUT,
        RECORDING,
        TEMPORARY_FILE,
        PROCESS,
        STREAM_CLIENT
    }

    private final Map<Channel, ConcurrentLinkedQueue<String>> texts = new ConcurrentHashMap<>();

    void add(Channel channel, String text) {
        texts.computeIfAbsent(channel, _ -> new ConcurrentLinkedQueue<>()).add(text);
    }

    /** What came out there, one text each. */
    List<String> of(Channel channel) {
        return List.copyOf(texts.getOrDefault(channel, new ConcurrentLinkedQueue<>()));
    }

    /** Each file of a folder, decompressed where it is compressed. */
    void addFiles(Channel channel, Path folder) {
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                if (Files.size(file) <= LARGEST_FILE) {
                    add(channel, text(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each file that appeared among the temporary ones since, but for what the tests put there themselves. */
    void addTemporaryFiles(Instant since) {
        var folder = Path.of(System.getProperty("java.io.tmpdir"));
        try (var entries = Files.list(folder)) {
            entries.filter(entry -> !entry.getFileName().toString().startsWith("junit"))
                    .filter(entry -> isNew(entry, since))
                    .forEach(this::addTemporary);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isNew(Path entry, Instant since) {
        try {
            return !Files.getLastModifiedTime(entry).toInstant().isBefore(since);
        } catch (IOException e) {
            return false; // somebody else's, and gone
        }
    }

    private void addTemporary(Path entry) {
        try {
            addFiles(Channel.TEMPORARY_FILE, entry);
        } catch (UncheckedIOException e) {
            add(Channel.TEMPORARY_FILE, ""); // somebody else's, and not for us or gone
        }
    }

    private static String text(Path file) throws IOException {
        var bytes = Files.readAllBytes(file);
        boolean isCompressed = bytes.length > 2 && (bytes[0] & 0xff) == 0x1f && (bytes[1] & 0xff) == 0x8b;
        if (!isCompressed) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What runs: this process and those that it started, as anybody on the machine sees them. */
    void addProcesses() {
        var self = ProcessHandle.current();
        add(Channel.PROCESS, self.info().commandLine().orElse(""));
        self.descendants()
                .forEach(process ->
                        add(Channel.PROCESS, process.info().commandLine().orElse("")));
    }

    /** Each canary that got out, with the way and what stands around it. */
    List<String> sightings() {
        var found = new ArrayList<String>();
        for (var channel : Channel.values()) {
            for (var text : of(channel)) {
                for (var canary : Canary.values()) {
                    canary.forms().stream()
                            .filter(text::contains)
                            .findFirst()
                            .ifPresent(
                                    form -> found.add("%s in %s: %s".formatted(canary, channel, around(text, form))));
                }
            }
        }
        return found;
    }

    private static String around(String text, String form) {
        int at = text.indexOf(form);
        return text.substring(Math.max(0, at - 120), Math.min(text.length(), at + form.length() + 40));
    }
}

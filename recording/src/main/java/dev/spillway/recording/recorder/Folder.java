package dev.spillway.recording.recorder;

import dev.spillway.recording.format.Header;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The folder of recordings. Its files are their owner's alone: they tell what runs in the cluster. */
class Folder {
    private static final String PREFIX = "spillway-";
    private static final String SUFFIX = ".jsonl.gz";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path path;
    private final int files;

    Folder(Path path, int files) {
        this.path = path;
        this.files = files;
    }

    /** A path for one more recording; the oldest ones make room. */
    Path create(Header header, String suffix) throws IOException {
        try {
            Files.createDirectories(path, ownersAlone("rwx------"));
            makeRoom();
        } catch (IOException e) {
            throw new IOException("%s cannot be used: %s".formatted(path, e), e);
        }
        var engine = Recorder.nameOf(header.settings());
        return path.resolve(PREFIX + TIME.format(header.begun()) + "-" + engine + suffix + SUFFIX);
    }

    OutputStream open(Path file) throws IOException {
        Files.createFile(file, ownersAlone("rw-------"));
        return Files.newOutputStream(file, StandardOpenOption.APPEND);
    }

    private void makeRoom() throws IOException {
        var present = new ArrayList<>(recordings());
        while (present.size() >= files) {
            Files.deleteIfExists(present.removeFirst());
        }
    }

    /** The oldest first. */
    private List<Path> recordings() throws IOException {
        Map<Path, Long> ages = new TreeMap<>();
        try (var all = Files.newDirectoryStream(path, PREFIX + "*" + SUFFIX)) {
            for (var file : all) {
                try {
                    ages.put(file, Files.getLastModifiedTime(file).toMillis());
                } catch (NoSuchFileException e) {
                    // another one made room
                }
            }
        }
        return ages.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static FileAttribute<?>[] ownersAlone(String permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}

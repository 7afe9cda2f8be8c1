package dev.spillway.release;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FileEntry;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * An image as an archive that {@code ctr images import}, {@code docker load} and {@code podman load} read, made of folders and nothing else: there
 * is no image below it, and no network is used. Equal folders give equal bytes: owner 0, permissions and times as the files have them.
 *
 * @param name such as {@code spillway:0.1.0}
 * @param architecture as Go names it, such as {@code amd64}
 * @param created when the image says it was made
 * @param labels what the image says about itself
 * @param layers folders, each laid out as the root of a file system, the lowest layer first; symbolic links are packed as what they point to
 */
record ImageArchive(String name, String architecture, Instant created, Map<String, String> labels, List<Path> layers) {
    /** Whom it runs as where nobody says otherwise, user and group; a number, so that Kubernetes can see that it is not root. */
    static final String USER = "65532:65532";

    /** Java itself: there is no shell. Its options, the class path and the main class are in the file, so a command line follows. */
    static final List<String> ENTRY_POINT =
            List.of("/opt/spillway/runtime/bin/java", "@/opt/spillway/lib/image.options");

    /**
     * Writes the archive and returns the image's digest. {@code caches} is a folder for what Jib keeps meanwhile.
     *
     * @throws IOException when a file cannot be read or written
     */
    String write(Path archive, Path caches) throws IOException, InterruptedException {
        try {
            var image = Jib.fromScratch()
                    .setFormat(ImageFormat.Docker)
                    .setPlatforms(Set.of(new Platform(architecture, "linux")))
                    .setCreationTime(created)
                    .setLabels(labels)
                    .setUser(USER)
                    .setWorkingDirectory(AbsoluteUnixPath.get("/"))
                    .setEntrypoint(ENTRY_POINT);
            for (Path layer : layers) {
                image.addFileEntriesLayer(layerOf(layer));
            }
            return digest(
                    image.containerize(Containerizer.to(TarImage.at(archive).named(name))
                            .setOfflineMode(true)
                            .setBaseImageLayersCache(caches)
                            .setApplicationLayersCache(caches)));
        } catch (CacheDirectoryCreationException
                | ExecutionException
                | InvalidImageReferenceException
                | RegistryException e) {
            throw new IOException("The image %s cannot be made: %s".formatted(name, e.getMessage()), e);
        }
    }

    private static String digest(JibContainer container) {
        return container.getDigest().toString();
    }

    private static FileEntriesLayer layerOf(Path root) throws IOException {
        var entries = new ArrayList<FileEntry>();
        try (var files = Files.walk(root)) {
            for (Path file : files.filter(path -> !path.equals(root)).sorted().toList()) {
                entries.add(new FileEntry(
                        file,
                        AbsoluteUnixPath.get("/").resolve(root.relativize(file)),
                        FilePermissions.fromPosixFilePermissions(Files.getPosixFilePermissions(file)),
                        Files.getLastModifiedTime(file).toInstant()));
            }
        }
        return FileEntriesLayer.builder()
                .setName(String.valueOf(root.getFileName()))
                .setEntries(entries)
                .build();
    }
}

package dev.spillway.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives of two small layers. The forms are those of `docker save` and of the OCI image configuration. */
final class ImageArchiveTest {
    private static final Instant COMMITTED = Instant.parse("2026-12-01T03:10:27Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void twoLayers() throws IOException {
        write("lower/lib/libc.so.6", "rwxr-xr-x", "a library");
        write("upper/opt/spillway/lib/image.options", "rw-r--r--", "-jar x");
    }

    @Test
    void equalFoldersGiveEqualBytesWheneverTheyArePacked() throws IOException, InterruptedException {
        var first = folder.resolve("first.tar");
        var second = folder.resolve("second.tar");

        assertThat(pack(first, "caches-1")).isEqualTo(pack(second, "caches-2")).startsWith("sha256:");
        assertThat(second).hasSameBinaryContentAs(first);
    }

    @Test
    void itIsNotRootAndStartsJavaWithoutAShell() throws IOException, InterruptedException {
        var archive = read(packed());
        JsonNode manifest = JSON.readTree(archive.get("manifest.json")).get(0);
        JsonNode image = JSON.readTree(archive.get(manifest.path("Config").asText()));

        assertThat(manifest.path("RepoTags").get(0).asText()).endsWith("spillway:0.1.0");
        assertThat(image.path("os").asText()).isEqualTo("linux");
        assertThat(image.path("architecture").asText()).isEqualTo("amd64");
        assertThat(image.path("created").asText()).isEqualTo("2026-12-01T03:10:27Z");
        assertThat(image.at("/config/User").asText()).isEqualTo("65532:65532");
        assertThat(image.at("/config/Entrypoint").toString())
                .isEqualTo("[\"/opt/spillway/runtime/bin/java\",\"@/opt/spillway/lib/image.options\"]");
        assertThat(image.at("/config/Labels/org.opencontainers.image.revision").asText())
                .isEqualTo("5a9a2fc");
    }

    @Test
    void filesKeepPermissionsAndTimesAndBelongToRoot() throws IOException, InterruptedException {
        var archive = read(packed());
        var layers = JSON.readTree(archive.get("manifest.json")).get(0).path("Layers");

        assertThat(layers).hasSize(2);
        var library = entry(archive, layers.get(0).asText(), "lib/libc.so.6");
        assertThat(library.getMode() & 0777).isEqualTo(0755);
        assertThat(library.getModTime().toInstant()).isEqualTo(COMMITTED);
        assertThat(library.getLongUserId() + library.getLongGroupId()).isZero();
        assertThat(entry(archive, layers.get(1).asText(), "opt/spillway/lib/image.options")
                        .getSize())
                .isEqualTo("-jar x".length());
    }

    private Path packed() throws IOException, InterruptedException {
        var archive = folder.resolve("image.tar");
        pack(archive, "caches");
        return archive;
    }

    private String pack(Path archive, String caches) throws IOException, InterruptedException {
        return new ImageArchive(
                        "spillway:0.1.0",
                        "amd64",
                        COMMITTED,
                        Map.of("org.opencontainers.image.revision", "5a9a2fc"),
                        List.of(folder.resolve("lower"), folder.resolve("upper")))
                .write(archive, folder.resolve(caches));
    }

    private void write(String name, String permissions, String text) throws IOException {
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        Files.setLastModifiedTime(file, FileTime.from(COMMITTED));
        for (Path above = file.getParent(); above != null && !above.equals(folder); above = above.getParent()) {
            Files.setLastModifiedTime(above, FileTime.from(COMMITTED));
        }
    }

    private static Map<String, byte[]> read(Path archive) throws IOException {
        var files = new TreeMap<String, byte[]>();
        try (var tar = new TarArchiveInputStream(Files.newInputStream(archive))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                files.put(entry.getName(), tar.readAllBytes());
            }
        }
        return files;
    }

    private static TarArchiveEntry entry(Map<String, byte[]> archive, String layer, String name) throws IOException {
        var packed = new ByteArrayInputStream(Objects.requireNonNull(archive.get(layer), layer));
        try (var tar = new TarArchiveInputStream(new GZIPInputStream(packed))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.getName().equals(name)) {
                    return entry;
                }
            }
        }
        throw new AssertionError("no " + name);
    }
}

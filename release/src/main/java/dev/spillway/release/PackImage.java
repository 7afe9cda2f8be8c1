package dev.spillway.release;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Called by {@code release/build.sh}; see {@link #main}. */
public final class PackImage {
    private static final int FIXED = 7;

    private PackImage() {}

    /**
     * Takes {@code ARCHIVE CACHES NAME ARCHITECTURE CREATED VERSION COMMIT LAYER...}: the file to write, a folder for what is kept meanwhile, and
     * what {@link ImageArchive} names. Prints the image's digest.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length <= FIXED) {
            throw new IllegalArgumentException("ARCHIVE CACHES NAME ARCHITECTURE CREATED VERSION COMMIT LAYER...");
        }
        var labels = new TreeMap<>(Map.of(
                "org.opencontainers.image.title", "spillway",
                "org.opencontainers.image.description", "Multi-region serverless GPU capacity for Kubernetes",
                "org.opencontainers.image.licenses", "Apache-2.0",
                "org.opencontainers.image.version", arguments[5],
                "org.opencontainers.image.revision", arguments[6]));
        var layers = Arrays.stream(arguments).skip(FIXED).map(Path::of).toList();
        var image = new ImageArchive(arguments[2], arguments[3], Instant.parse(arguments[4]), labels, layers);
        System.out.println(image.write(Path.of(arguments[0]), Path.of(arguments[1])));
    }
}

package dev.spillway.embedded.store;

import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.structure.Structure;
import org.jspecify.annotations.Nullable;

/** What becomes of an object that says to be of another kind than its path. Rules: apimachinery {@code pkg/runtime/error.go}. */
final class BuiltInKinds {

    private BuiltInKinds() {}

    /**
     * Takes a kind or version that is not given for that of the path.
     *
     * @throws Failure 400 where either is another
     */
    static void check(ResourceType type, @Nullable String kind, @Nullable String apiVersion) {
        String actualKind = kind == null ? type.kind() : kind;
        String actualVersion = apiVersion == null ? type.apiVersion() : apiVersion;
        String why = wrong(type, actualKind, actualVersion);
        if (why != null) {
            throw Failure.badRequest("%s in version \"%s\" cannot be handled as a %s: %s"
                    .formatted(actualKind, versionOf(actualVersion), type.kind(), why));
        }
    }

    /** Why an object of a kind and version is none of a type, or null. */
    static @Nullable String wrong(ResourceType type, String kind, String apiVersion) {
        if (kind.equals(type.kind()) && apiVersion.equals(type.apiVersion())) {
            return null;
        }
        String group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
        return Structure.isKind(group, versionOf(apiVersion), kind)
                ? "converting (%s.%s) to (%s.%s): unknown conversion"
                        .formatted(versionOf(apiVersion), kind, packageOf(type), type.kind())
                : "no kind \"%s\" is registered for version \"%s\" in scheme \"pkg/runtime/scheme.go:111\""
                        .formatted(kind, apiVersion);
    }

    private static String versionOf(String apiVersion) {
        return apiVersion.substring(apiVersion.indexOf('/') + 1);
    }

    /** The Go package of the internal types of a group. */
    private static String packageOf(ResourceType type) {
        int end = type.group().indexOf('.');
        return type.group().isEmpty()
                ? "core"
                : end < 0 ? type.group() : type.group().substring(0, end);
    }
}

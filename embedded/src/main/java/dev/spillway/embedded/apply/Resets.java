package dev.spillway.embedded.apply;

import dev.spillway.embedded.api.ResourceType;
import java.util.Map;

/**
 * The fields that a write does not change whatever it says, so that nobody comes to own them by it.
 *
 * <p>Rules: GetResetFields of the strategies in kubernetes {@code pkg/registry} and in apiextensions-apiserver.
 */
final class Resets {

    private static final FieldSet STATUS = FieldSet.path("status");
    private static final FieldSet SPEC = FieldSet.path("spec");
    private static final FieldSet SPEC_AND_METADATA = SPEC.union(FieldSet.path("metadata"));

    /** Of a write of the status, where it is not the spec alone. */
    private static final Map<ResourceType, FieldSet> OF_STATUS = Map.of(
            ResourceType.DEPLOYMENTS,
            SPEC.union(FieldSet.path("metadata", "labels")),
            ResourceType.PODS,
            SPEC.union(FieldSet.path("metadata", "deletionTimestamp"))
                    .union(FieldSet.path("metadata", "ownerReferences")),
            ResourceType.CUSTOM_RESOURCE_DEFINITIONS,
            SPEC_AND_METADATA);

    private Resets() {}

    /** The fields that a write by this author leaves as they are. */
    static FieldSet of(Author author) {
        if (author.subresource().equals("status")) {
            FieldSet usual = author.nature() == Author.Nature.CUSTOM ? SPEC_AND_METADATA : SPEC;
            return OF_STATUS.getOrDefault(author.type(), usual);
        }
        return author.nature() == Author.Nature.WITHOUT_STATUS ? FieldSet.NONE : STATUS;
    }
}

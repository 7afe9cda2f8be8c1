package dev.spillway.crds.region;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Another Kubernetes cluster as a region (docs/regions-kubernetes.md). Immutable.
 *
 * @param secretName Secret in Spillway's own namespace whose key {@code kubeconfig} holds a kubeconfig with everything in it
 * @param namespacePrefix stands before the name of a pod's namespace, in the region's cluster; {@code spillway-} where absent
 * @param zoneLabel label of the region's nodes whose value is the zone's id; where absent any node will do
 * @param gpuModels the GPU models that it sells; one that is not named here is not offered
 * @param registries where images are pulled from instead; the first rule that concerns an image is applied
 * @param runtimeClasses runtime classes that it has; a pod's other one is dropped
 * @param inlineCsiDrivers drivers of inline CSI volumes that it has; pods with others are refused
 * @param acs whether it is a cluster of Alibaba Cloud's container compute service, which sells by pod labels
 * @param homeApiServer where pods with a token of the home cluster reach its API server, {@code host:port}; where absent they are not told
 */
@JsonInclude(Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record KubernetesBackend(
        @Required
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        @JsonPropertyDescription(
                "Secret in Spillway's namespace; its key kubeconfig holds a kubeconfig that names no files"
                        + " and no programs.")
        String secretName,

        @Size(max = 40)
        @Pattern("^([a-z0-9][-a-z0-9]*)?$")
        @JsonPropertyDescription(
                "Stands before the name of a pod's namespace, in the region's cluster. Default: spillway-")
        @Nullable
        String namespacePrefix,

        @Size(max = 317)
        @JsonPropertyDescription(
                "Label of the region's nodes whose value is the zone's id. Without it any node will do.")
        @Nullable
        String zoneLabel,

        @Size(max = 64)
        @JsonPropertyDescription("GPU models that it sells. One that is not named here is not offered.")
        @Nullable
        List<GpuModel> gpuModels,

        @Size(max = 64)
        @JsonPropertyDescription(
                "Where images are pulled from instead. The first rule that concerns an image is applied.")
        @Nullable
        List<Registry> registries,

        @Size(max = 32) @JsonPropertyDescription("Runtime classes that it has. A pod's other one is dropped.") @Nullable
        List<RuntimeClass> runtimeClasses,

        @Size(max = 32)
        @JsonPropertyDescription("Drivers of inline CSI volumes that it has. Pods with others are refused.")
        @Nullable
        List<@Size(max = 63) String> inlineCsiDrivers,

        @JsonPropertyDescription("Whether it is a cluster of Alibaba Cloud's container compute service.") @Nullable
        Boolean acs,

        @Size(min = 3, max = 300)
        @Pattern("^([-.a-zA-Z0-9]{1,253}|\\[[0-9a-fA-F:.]{2,45}\\]):[0-9]{1,5}$")
        @JsonPropertyDescription(
                "Where pods with a token of this cluster reach its API server, host:port. Without it they are not told.")
        @Nullable
        String homeApiServer) {
    /**
     * A GPU model.
     *
     * @param model as pods name it
     * @param nodeLabels of the nodes that carry it; none: any node
     */
    @JsonInclude(Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record GpuModel(
            @Required @Size(min = 1, max = 63) String model,

            @JsonPropertyDescription("Labels of the nodes that carry it.") @Size(max = 8) @Nullable
            Map<String, String> nodeLabels) {}

    /**
     * A rule for images.
     *
     * @param from start of an image's name as users write it
     * @param to what stands there instead
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Registry(
            @Required @Size(min = 1, max = 253) String from,
            @Required @Size(max = 253) String to) {}

    /**
     * A runtime class.
     *
     * @param from its name in the home cluster
     * @param to its name in the region's
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record RuntimeClass(
            @Required @Size(min = 1, max = 253) String from,
            @Required @Size(min = 1, max = 253) String to) {}
}

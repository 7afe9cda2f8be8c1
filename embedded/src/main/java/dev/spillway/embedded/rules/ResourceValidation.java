package dev.spillway.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.tree.Trees;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with the resources that a container asks for. Rules: kubernetes {@code pkg/apis/core/validation/validation.go},
 * validateResourceRequirements, and {@code pkg/apis/core/helper/helpers.go}.
 */
final class ResourceValidation {

    private static final String HUGE_PAGES = "hugepages-";
    private static final Set<String> OF_CONTAINERS = Set.of("cpu", "memory", "ephemeral-storage");
    /** What has a name without a prefix; quotas name it, containers may not. */
    private static final Set<String> OF_QUOTAS = Set.of(
            "requests.cpu",
            "requests.memory",
            "requests.ephemeral-storage",
            "limits.cpu",
            "limits.memory",
            "limits.ephemeral-storage",
            "pods",
            "resourcequotas",
            "services",
            "replicationcontrollers",
            "secrets",
            "configmaps",
            "persistentvolumeclaims",
            "storage",
            "requests.storage",
            "services.nodeports",
            "services.loadbalancers");

    private final String path;
    private final Causes causes;
    private boolean hasHugePages;
    private boolean hasCpuOrMemory;

    private ResourceValidation(String path, Causes causes) {
        this.path = path;
        this.causes = causes;
    }

    static void validate(JsonNode resources, String path, Causes causes) {
        new ResourceValidation(path, causes).validate(resources);
    }

    private void validate(JsonNode resources) {
        for (Map.Entry<String, JsonNode> limit : Trees.fields(resources, "limits")) {
            BigDecimal quantity = validateQuantity(limit, path + ".limits");
            validateHugePages(limit, quantity, path + ".limits");
        }
        for (Map.Entry<String, JsonNode> request : Trees.fields(resources, "requests")) {
            BigDecimal wanted = validateQuantity(request, path + ".requests");
            compare(request, wanted, Trees.at(resources, "limits", request.getKey()));
            validateHugePages(request, wanted, path + ".requests");
        }
        if (hasHugePages && !hasCpuOrMemory) {
            causes.forbidden(path, "HugePages require cpu or memory");
        }
    }

    private void compare(Map.Entry<String, JsonNode> request, BigDecimal wanted, @Nullable JsonNode limit) {
        String resource = request.getKey();
        if (limit == null) {
            if (!isOvercommitAllowed(resource)) {
                causes.required(path + ".limits", "Limit must be set for non overcommitable resources");
            }
            return;
        }
        int comparison = wanted.compareTo(Quantity.parse("Pod", limit.asText()));
        if (comparison != 0 && !isOvercommitAllowed(resource)) {
            causes.invalid(
                    path + ".requests",
                    request.getValue(),
                    "must be equal to %s limit of %s".formatted(resource, limit.asText()));
        } else if (comparison > 0) {
            causes.invalid(
                    path + ".requests",
                    request.getValue(),
                    "must be less than or equal to %s limit of %s".formatted(resource, limit.asText()));
        }
    }

    private BigDecimal validateQuantity(Map.Entry<String, JsonNode> resource, String list) {
        String name = resource.getKey();
        String field = list + "[" + name + "]";
        validateName(name, field);
        BigDecimal quantity = Quantity.parse("Pod", resource.getValue().asText());
        if (quantity.signum() < 0) {
            causes.invalid(field, resource.getValue(), "must be greater than or equal to 0");
        }
        if (isExtended(name) && quantity.stripTrailingZeros().scale() > 0) {
            causes.invalid(field, resource.getValue(), "must be an integer");
        }
        hasHugePages |= name.startsWith(HUGE_PAGES);
        hasCpuOrMemory |= name.equals("cpu") || name.equals("memory");
        return quantity;
    }

    private void validateName(String name, String field) {
        var wrong = Names.qualifiedName(name);
        wrong.forEach(why -> causes.invalid(field, name, why));
        if (name.contains("/")) {
            if (!isNative(name) && !isExtended(name)) {
                causes.invalid(field, name, "doesn't follow extended resource name standard");
            }
            return;
        }
        boolean ofContainers = OF_CONTAINERS.contains(name) || name.startsWith(HUGE_PAGES);
        if (wrong.isEmpty() && !ofContainers && !OF_QUOTAS.contains(name)) {
            causes.invalid(field, name, "must be a standard resource type or fully qualified");
        }
        if (!ofContainers) {
            causes.invalid(field, name, "must be a standard resource for containers");
        }
    }

    private void validateHugePages(Map.Entry<String, JsonNode> resource, BigDecimal quantity, String list) {
        String name = resource.getKey();
        if (name.startsWith(HUGE_PAGES) && !isWholePages(name.substring(HUGE_PAGES.length()), quantity)) {
            causes.invalid(
                    list + "[" + name + "]",
                    resource.getValue(),
                    "%s is not positive integer multiple of %s"
                            .formatted(resource.getValue().asText(), name));
        }
    }

    private static boolean isWholePages(String size, BigDecimal quantity) {
        try {
            BigDecimal page = Quantity.parse("Pod", size);
            return page.signum() > 0
                    && page.stripTrailingZeros().scale() <= 0
                    && quantity.setScale(0, RoundingMode.UP)
                            .toBigInteger()
                            .mod(page.toBigInteger())
                            .equals(BigInteger.ZERO);
        } catch (Failure noQuantity) {
            return false;
        }
    }

    /** Resources of Kubernetes itself may be promised twice; extended ones, such as GPUs, and huge pages may not. */
    private static boolean isOvercommitAllowed(String resource) {
        return isNative(resource) && !resource.startsWith(HUGE_PAGES);
    }

    private static boolean isNative(String resource) {
        return !resource.contains("/") || resource.contains("kubernetes.io/");
    }

    private static boolean isExtended(String resource) {
        return !isNative(resource)
                && !resource.startsWith("requests.")
                && Names.qualifiedName("requests." + resource).isEmpty();
    }
}

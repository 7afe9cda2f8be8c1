package dev.spillway.clusterregion.settings;

import dev.spillway.core.model.Resources;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * How pods of the home cluster are run in the region's cluster. Immutable; maps and sets iterate in ascending order.
 *
 * @param namespacePrefix stands before the home namespace's name in the region; may be empty, at most 40 characters, those of a
 *     namespace's name
 * @param registries the first rule that concerns an image's name is applied to it; none: names stay
 * @param gpuModels for each GPU model sold, the labels that a node of the region has which carries it (may be none: any node). A model
 *     that is not named is not offered; without meaning where {@code acs} is set
 * @param zoneLabel label of the region's nodes whose value is the zone's id; empty: the region's scheduler takes any node
 * @param runtimeClasses for runtime classes of the home cluster, the region's; a class that is not named is dropped
 * @param inlineCsiDrivers drivers of inline CSI volumes that the region has, too; pods with others are refused
 * @param acs whether it is a cluster of Alibaba Cloud's container compute service, which sells by pod labels
 * @param homeApiServer the home API server's address for programs in the region, {@code host:port}; empty: they are not told
 * @param zoneCapacity what each zone's virtual node shows
 */
public record ClusterRegionSettings(
        String namespacePrefix,
        List<RegistryRule> registries,
        Map<String, Map<String, String>> gpuModels,
        String zoneLabel,
        Map<String, String> runtimeClasses,
        Set<String> inlineCsiDrivers,
        boolean acs,
        String homeApiServer,
        Resources zoneCapacity) {
    /** Longest prefix: it leaves room for a few letters of the namespace's own name and a hash of it. */
    public static final int LONGEST_PREFIX = 40;

    private static final Pattern ADDRESS =
            Pattern.compile("([-.a-zA-Z0-9]{1,253}|\\[[0-9a-fA-F:.]{2,45}\\]):[0-9]{1,5}");

    /** Nothing but the usual: namespaces {@code spillway-...}, images as they are named, no GPU, any node. */
    public static final ClusterRegionSettings DEFAULT = new ClusterRegionSettings(
            "spillway-",
            List.of(),
            Map.of(),
            "",
            Map.of(),
            Set.of(),
            false,
            "",
            new Resources(10_000_000, 40L << 40, 10_000));

    public ClusterRegionSettings {
        if (namespacePrefix.length() > LONGEST_PREFIX || !namespacePrefix.matches("([a-z0-9]([-a-z0-9]*))?")) {
            throw new IllegalArgumentException(
                    ("namespacePrefix is '%s'; write at most %d small letters, digits and hyphens, beginning with a letter"
                                    + " or digit.")
                            .formatted(namespacePrefix, LONGEST_PREFIX));
        }
        if (!homeApiServer.isEmpty() && !ADDRESS.matcher(homeApiServer).matches()) {
            throw new IllegalArgumentException(
                    "homeApiServer is '%s'; write host:port, such as api.example.com:6443.".formatted(homeApiServer));
        }
        registries = List.copyOf(registries);
        var models = new TreeMap<String, Map<String, String>>();
        gpuModels.forEach((model, labels) -> models.put(model, Collections.unmodifiableMap(new TreeMap<>(labels))));
        gpuModels = Collections.unmodifiableMap(models);
        runtimeClasses = Collections.unmodifiableMap(new TreeMap<>(runtimeClasses));
        inlineCsiDrivers = Collections.unmodifiableSet(new TreeSet<>(inlineCsiDrivers));
    }
}

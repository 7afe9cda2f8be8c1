package dev.spillway.core.testing;

import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.region.Region;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Regions. Without further words: one zone ID-1, open to every namespace, sells everything, not the default. */
public final class RegionBuilder extends Builder<RegionBuilder, Region> {
    private final RegionId id;
    private long generation = 1;
    private long createdSeconds;
    private boolean isDefault;
    private List<ZoneId> zones;
    private List<Region.OfferRule> offers = List.of();
    private List<String> allowedNamespaces = List.of("*");
    private boolean lost;
    private int maxPods = 1000;
    private Duration outagePatience = Region.OUTAGE_PATIENCE;
    private Region.Backend backend = new Region.Backend("Simulated", "http://127.0.0.1:1", 1000);

    private RegionBuilder(RegionId id) {
        this.id = id;
        this.zones = List.of(new ZoneId(id + "-1"));
    }

    /** A region of this name. */
    public static RegionBuilder aRegion(String id) {
        return new RegionBuilder(new RegionId(id));
    }

    /** A region like this one. */
    public static RegionBuilder like(Region region) {
        return new RegionBuilder(region.id()).with(b -> {
            b.generation = region.generation();
            b.createdSeconds = region.createdSeconds();
            b.isDefault = region.isDefault();
            b.zones = region.zones();
            b.offers = region.offers();
            b.allowedNamespaces = region.allowedNamespaces();
            b.lost = region.lost();
            b.maxPods = region.maxPods();
            b.outagePatience = region.outagePatience();
            b.backend = region.backend();
        });
    }

    /** Of this generation. */
    public RegionBuilder generation(long value) {
        return with(b -> b.generation = value);
    }

    /** Created at this second of Unix time. */
    public RegionBuilder created(long unixSeconds) {
        return with(b -> b.createdSeconds = unixSeconds);
    }

    /** For pods that name no region. */
    public RegionBuilder asDefault() {
        return isDefault(true);
    }

    /** Whether it is for pods that name no region. */
    public RegionBuilder isDefault(boolean value) {
        return with(b -> b.isDefault = value);
    }

    /** With these zones. */
    public RegionBuilder zones(String... ids) {
        return with(b -> b.zones = Arrays.stream(ids).map(ZoneId::new).toList());
    }

    /** Sells this and nothing else. */
    public RegionBuilder offers(Region.OfferRule... rules) {
        return with(b -> b.offers = List.of(rules));
    }

    /** For these namespaces only. */
    public RegionBuilder allowing(String... namespaces) {
        return with(b -> b.allowedNamespaces = List.of(namespaces));
    }

    /** Gone for good. */
    public RegionBuilder lost() {
        return with(b -> b.lost = true);
    }

    /** Admits so many pods to a zone. */
    public RegionBuilder maxPods(int value) {
        return with(b -> b.maxPods = value);
    }

    /** Its pods are left alone for so long while it is unreachable. */
    public RegionBuilder outagePatience(Duration value) {
        return with(b -> b.outagePatience = value);
    }

    /** Reached like this. */
    public RegionBuilder backend(Region.Backend value) {
        return with(b -> b.backend = value);
    }

    @Override
    public Region build() {
        return new Region(
                id,
                generation,
                createdSeconds,
                isDefault,
                zones,
                offers,
                allowedNamespaces,
                lost,
                maxPods,
                outagePatience,
                backend);
    }
}

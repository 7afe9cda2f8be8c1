package dev.spillway.kube.worlds;

import java.util.List;

/** Names and values of all worlds: few, so that they often meet. */
final class Vocabulary {
    static final String HOSTNAME = "kubernetes.io/hostname";
    static final String ZONE = "topology.kubernetes.io/zone";
    static final String REGION = "topology.kubernetes.io/region";
    static final String PROVIDER = "virtual-kubelet.io/provider";
    static final String OLD_ZONE = "failure-domain.beta.kubernetes.io/zone";
    static final List<String> TOPOLOGY_KEYS = List.of(HOSTNAME, ZONE, REGION);
    static final List<String> ZONES = List.of("zone-a", "zone-b", "zone-c");
    static final List<String> REGIONS = List.of("region-1", "region-2");
    static final List<String> DISKS = List.of("ssd", "hdd");
    static final List<String> NAMESPACES = List.of("alpha", "beta", "gamma");
    static final List<String> APPS = List.of("web", "db");
    static final List<String> TIERS = List.of("front", "back");
    static final List<String> VERSIONS = List.of("v1", "v2");
    static final String CSI_DRIVER = "disk.csi.example.com";

    private Vocabulary() {}
}

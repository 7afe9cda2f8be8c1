package dev.spillway.core.model;

/** Keys and values that Kubernetes, the original system or Spillway give a meaning to (docs/resource-policy.md, "Labels and annotations of pods"). */
public final class Names {
    /** Node label that marks virtual nodes. */
    public static final String TYPE = "type";

    /** Its value. */
    public static final String VIRTUAL_KUBELET = "virtual-kubelet";

    /** Region of a node; also written onto placed pods. */
    public static final String REGION = "topology.kubernetes.io/region";

    /** Zone of a node; also written onto placed pods. */
    public static final String ZONE = "topology.kubernetes.io/zone";

    /** Host name label of a node. */
    public static final String HOSTNAME = "kubernetes.io/hostname";

    /** Taint of virtual nodes. */
    public static final Taint PROVIDER_TAINT = new Taint("virtual-kubelet.io/provider", "alibabacloud", "NoSchedule");

    /** Marks a virtual node whose zone is declared no more, so that nobody else's cordon is undone. */
    public static final Taint RETIRED_TAINT = new Taint("spillway.dev/retired", "", "NoSchedule");

    /** Pod label: run on ACS compute. */
    public static final String ACS = "alibabacloud.com/acs";

    /** Pod or namespace label: run on ECI, whatever any policy says. */
    public static final String ECI = "alibabacloud.com/eci";

    /** Pod label: target region. */
    public static final String REGION_ID = "alibabacloud.com/serverless-region-id";

    /** Pod label: compute class. */
    public static final String COMPUTE_CLASS = "alibabacloud.com/compute-class";

    /** Pod label: quality of service. */
    public static final String COMPUTE_QOS = "alibabacloud.com/compute-qos";

    /** Pod label: GPU model series. */
    public static final String GPU_MODEL = "alibabacloud.com/gpu-model-series";

    /** Unit annotation that suppresses the implicit QoS label. */
    public static final String QOS_STRATEGY = "alpha.alibabacloud.com/compute-qos-strategy";

    /** Unit label that asks to wait for node scaling; never written onto pods. */
    public static final String WAIT_LABEL = "k8s.aliyun.com/resource-policy-wait-for-ecs-scaling";

    /** Default compute class. */
    public static final String GENERAL_PURPOSE = "general-purpose";

    /** Default quality of service. */
    public static final String DEFAULT_QOS = "default";

    /** Annotation that the ReplicaSet controller reads when it chooses victims. */
    public static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";

    /** Pod annotation: what becomes of a bound pod whose instance cannot be created; {@code fail-fast}, {@code fail-over}, or asked for again. */
    public static final String FAIL_STRATEGY = "k8s.aliyun.com/eci-fail-strategy";

    /** Output annotation: instance that runs the pod. */
    public static final String INSTANCE_ID = "alibabacloud.com/instance-id";

    /** Annotation: policy that placed the pod. */
    public static final String POLICY = "spillway.dev/policy";

    /** Annotation: UID of that policy, since another one of its name may follow; pods placed by earlier releases lack it. */
    public static final String POLICY_UID = "spillway.dev/policy-uid";

    /** Annotation: generation of that policy. */
    public static final String POLICY_GENERATION = "spillway.dev/policy-generation";

    /** Annotation: policy that gave its deletion cost to a pod which no policy placed. */
    public static final String RANKED_BY = "spillway.dev/ranked-by";

    /** Annotation: position of the unit, from 1. */
    public static final String UNIT = "spillway.dev/unit";

    /** Annotation of a waiting pod: when each unit that has a clock for it first did not take it, as {@code 1=INSTANT,2=INSTANT}. */
    public static final String WAITING_SINCE = "spillway.dev/waiting-since";

    /** Pod annotation: what becomes of the pod while its region stays unreachable; {@code Stay}, {@code Move} or {@code Ask}. */
    public static final String ON_REGION_OUTAGE = "spillway.dev/on-region-outage";

    /** Annotation of a StatefulSet's pod: {@code true} lets it start while an instance of an earlier pod of its name may still run. */
    public static final String ALLOW_OVERLAP = "spillway.dev/allow-overlap";

    /** Pod annotation: what becomes of a pod whose region announces to take its instance back; {@code Stay} or {@code Move}. */
    public static final String ON_RECLAIM = "spillway.dev/on-reclaim";

    private Names() {}

    /** Name of the virtual node of a zone. */
    public static NodeName nodeOf(String zone) {
        return new NodeName("virtual-kubelet-" + zone);
    }
}

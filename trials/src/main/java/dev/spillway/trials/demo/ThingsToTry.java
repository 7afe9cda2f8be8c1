package dev.spillway.trials.demo;

import java.util.List;

/** What a user may do with kubectl while the demonstration stays up: commands that can be pasted. */
record ThingsToTry(Stage stage, Exhibits exhibits) {

    List<String> lines() {
        String first = exhibits.regionsInOrder().getFirst();
        String last = exhibits.regionsInOrder().getLast();
        String spilling = Exhibits.name(exhibits.spilling());
        String pods = "kubectl get pods -o wide --watch";
        return List.of(
                stage.isOwn()
                        ? "It stays up until Ctrl-C. Look at it with kubectl in another terminal:"
                        : "It stays up until Ctrl-C, which removes everything. Look at it with kubectl in another"
                                + " terminal:",
                "",
                "  export KUBECONFIG=" + stage.kubeconfig().toAbsolutePath(),
                "  kubectl get nodes,regions,resourcepolicies,pods -o wide",
                "",
                "Three things to try:",
                "",
                "  1. Take the stock of %s away, ask for more, and read why pods went elsewhere:".formatted(first),
                "     kubectl patch region %s --type json -p '%s'".formatted(first, stockPatch(first)),
                "     kubectl scale deployment %s --replicas 8; %s".formatted(spilling, pods),
                "     kubectl get events --field-selector reason=Scheduled",
                "  2. Pin the other application to %s:".formatted(last),
                "     kubectl patch deployment %s -p '%s'; %s"
                        .formatted(Exhibits.name(exhibits.pinned()), pin(last), pods),
                "  3. Scale in, and see the pods in %s leave first:".formatted(last),
                "     kubectl scale deployment %s --replicas 2; %s".formatted(spilling, pods));
    }

    private String stockPatch(String region) {
        return "[{\"op\":\"replace\",\"path\":\"/spec/backend/simulated/stock/%d/script/constant\",\"value\":0}]"
                .formatted(Exhibits.positionOfGpus(exhibits.region(region)));
    }

    private String pin(String region) {
        return """
            {"spec":{"template":{"metadata":{"labels":{"alibabacloud.com/serverless-region-id":"%s",\
            "alibabacloud.com/gpu-model-series":"%s"}}}}}\
            """.formatted(region, Exhibits.model(exhibits.region(region)));
    }
}

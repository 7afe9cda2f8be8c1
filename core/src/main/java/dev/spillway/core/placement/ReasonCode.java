package dev.spillway.core.placement;

/** The codes of reasons, in one table: docs/explain.md and programs depend on them, so a code is never given another meaning. */
final class ReasonCode {
    private ReasonCode() {}

    static String of(Reason reason) {
        return switch (reason) {
            case Reason.Closed closed -> closed.why().code();
            case Reason.SelectorRewritten it -> "SelectorRewritten";
            case Reason.SelectorUnreadable it -> "SelectorUnreadable";
            case Reason.SelectorUnread it -> "SelectorUnread";
            case Reason.Busy it -> "Asking";
            case Reason.NotReached it -> "NotReached";
            case Reason.RequestInvalid it -> "RequestInvalid";
            case Reason.NotDeclared it -> "NotDeclared";
            case Reason.CapReached it -> "CapReached";
            case Reason.CapClosed it -> "CapClosed";
            case Reason.CapTakenOver it -> "CapClosed";
            case Reason.ResourcesCapReached it -> "ResourcesCapReached";
            case Reason.GroupKeyMissing it -> "GroupKeyMissing";
            case Reason.NotSelected it -> "NotSelected";
            case Reason.NoNodeFits it -> "NoNodeFits";
            case Reason.WaitsUntil it -> "WaitsUntil";
            case Reason.WaitsForRoom it -> "WaitsForRoom";
            case Reason.WaitsForTerminating it -> "WaitsForTerminating";
            case Reason.MakingRoom it -> "MakingRoom";
            case Reason.EvictionRefused it -> "EvictionRefused";
            case Reason.UnknownRegion it -> "UnknownRegion";
            case Reason.NoDefaultRegion it -> "NoDefaultRegion";
            case Reason.RegionNotAccepted it -> "RegionNotAccepted";
            case Reason.RegionLost it -> "RegionLost";
            case Reason.NotAllowed it -> "NotAllowed";
            case Reason.NotOpened it -> "NotConnected";
            case Reason.NodeUnfit it -> "NodeUnfit";
            case Reason.KeptByPods it ->
                switch (it.constraint()) {
                    case SPREAD -> "TopologySpread";
                    case AFFINITY -> "PodAffinity";
                    case ANTI_AFFINITY -> "PodAntiAffinity";
                    case NODE, SELECTOR -> "NodeUnfit";
                };
            case Reason.PolicyDeleted it -> "PolicyDeleted";
            case Reason.NamespaceTerminating it -> "NamespaceTerminating";
            case Reason.NoZone it -> "NoZone";
            case Reason.PodExcludes it -> "PodExcludes";
            case Reason.GpuModelMissing it -> "GpuModelMissing";
            case Reason.GpuClassMissing it -> "GpuClassMissing";
            case Reason.Asked it -> "Asked";
            case Reason.ReservedOnly it -> "ReservedOnly";
            case Reason.CannotRun it -> "CannotRun";
            case Reason.PolicyConflict it -> "PolicyConflict";
            case Reason.PolicyUnusable it -> "PolicyInvalid";
            case Reason.TakingOver it -> "TakingOver";
            case Reason.AnswerLost it -> "AnswerLost";
            case Reason.BindFailing it -> "BindFailing";
            case Reason.NodeBindFailing it -> "BindFailing";
            case Reason.VolumesPending it -> "VolumesPending";
        };
    }
}

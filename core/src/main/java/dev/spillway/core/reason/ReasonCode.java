package dev.spillway.core.reason;

/** The codes of reasons, in one table: docs/explain.md and programs depend on them, so a code is never given another meaning. */
final class ReasonCode {
    private ReasonCode() {}

    static String of(Reason reason) {
        return switch (reason) {
            case RegionReason.Closed closed -> closed.why().code();
            case PodReason.SelectorRewritten it -> "SelectorRewritten";
            case PodReason.SelectorUnreadable it -> "SelectorUnreadable";
            case PodReason.SelectorUnread it -> "SelectorUnread";
            case RegionReason.Asking it -> "Asking";
            case PolicyReason.NotReached it -> "NotReached";
            case RegionReason.RequestInvalid it -> "RequestInvalid";
            case RegionReason.Unprepared it -> "Unprepared";
            case RegionReason.NotDeclared it -> "NotDeclared";
            case PolicyReason.CapReached it -> "CapReached";
            case PolicyReason.CapClosed it -> "CapClosed";
            case PolicyReason.CapTakenOver it -> "CapClosed";
            case PolicyReason.ResourcesCapReached it -> "ResourcesCapReached";
            case PolicyReason.GroupKeyMissing it -> "GroupKeyMissing";
            case PolicyReason.NotSelected it -> "NotSelected";
            case NodeReason.NoNodeFits it -> "NoNodeFits";
            case PolicyReason.WaitsUntil it -> "WaitsUntil";
            case PolicyReason.WaitsForRoom it -> "WaitsForRoom";
            case PolicyReason.WaitsForTerminating it -> "WaitsForTerminating";
            case NodeReason.MakingRoom it -> "MakingRoom";
            case NodeReason.EvictionRefused it -> "EvictionRefused";
            case RegionReason.UnknownRegion it -> "UnknownRegion";
            case RegionReason.NoDefaultRegion it -> "NoDefaultRegion";
            case RegionReason.RegionNotAccepted it -> "RegionNotAccepted";
            case RegionReason.RegionLost it -> "RegionLost";
            case RegionReason.NotAllowed it -> "NotAllowed";
            case RegionReason.NotConnected it -> "NotConnected";
            case NodeReason.NodeUnfit it -> "NodeUnfit";
            case NodeReason.KeptByPods it ->
                switch (it.constraint()) {
                    case SPREAD -> "TopologySpread";
                    case AFFINITY -> "PodAffinity";
                    case ANTI_AFFINITY -> "PodAntiAffinity";
                    case NODE, SELECTOR -> "NodeUnfit";
                };
            case PolicyReason.PolicyDeleted it -> "PolicyDeleted";
            case PolicyReason.NamespaceTerminating it -> "NamespaceTerminating";
            case RegionReason.NoZone it -> "NoZone";
            case PodReason.PodExcludes it -> "PodExcludes";
            case PodReason.GpuModelMissing it -> "GpuModelMissing";
            case PodReason.GpuClassMissing it -> "GpuClassMissing";
            case RegionReason.Asked it -> "Asked";
            case PodReason.ReservedOnly it -> "ReservedOnly";
            case PodReason.CannotRun it -> "CannotRun";
            case PodReason.EarlierInstance it -> "EarlierInstance";
            case PolicyReason.PolicyConflict it -> "PolicyConflict";
            case PolicyReason.PolicyInvalid it -> "PolicyInvalid";
            case RegionReason.TakingOver it -> "TakingOver";
            case RegionReason.AnswerLost it -> "AnswerLost";
            case RegionReason.BindFailing it -> "BindFailing";
            case NodeReason.BindFailing it -> "BindFailing";
            case NodeReason.VolumesPending it -> "VolumesPending";
        };
    }
}

package dev.migrator.kubevirt;

import static dev.migrator.kubevirt.PreflightCase.of;

import dev.migrator.model.NetworkMapping;
import java.util.List;

/** What people are told of a machine that can be moved. */
final class ArrivalCases {

  private ArrivalCases() {}

  static List<PreflightCase> all() {
    return List.of(
        of(
                ConcernCode.SECRETS_COPIED,
                ConcernCode.SERVICE_ACCOUNT_TOKEN,
                ConcernCode.NETWORK_NOT_STRETCHED,
                ConcernCode.POD_ADDRESS_CHANGES,
                ConcernCode.NODE_CONSTRAINTS)
            .own("everything"),
        of(ConcernCode.NETWORK_DROPPED, ConcernCode.NETWORK_REBOUND)
            .own("everything")
            .plan(
                plan ->
                    plan.network(new NetworkMapping("pod", null))
                        .network(new NetworkMapping("vlan-7", "pod"))));
  }
}

extension PlanMachine {
  mutating func reshape(_ index: Int32, _ node: PlanNode, _ value: PlanValue) throws(PlanStop) -> PlanValue { .null }
  mutating func coerce(_ index: Int32, _ node: PlanNode, _ value: PlanValue) throws(PlanStop) -> PlanValue { .null }
}

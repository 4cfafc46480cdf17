import type { Operation } from "./operation"

export const BUDGETS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/v1/budgets",
    summary: "Budgets with what is used of them, how fast, and what they said in this period; the most used first.",
    scope: "read",
    answer: "BudgetList",
  },
  {
    method: "post",
    path: "/api/v1/budgets",
    summary: "Make a budget of the project, a workflow, team, model or key; the answer lists all.",
    scope: null,
    body: "BudgetInput",
    answer: "BudgetList",
    status: 201,
  },
  {
    method: "get",
    path: "/api/v1/budgets/{id}",
    summary: "One budget's periods, each by the version in force when it ended, and its versions.",
    scope: "read",
    answer: "BudgetHistory",
  },
  {
    method: "patch",
    path: "/api/v1/budgets/{id}",
    summary:
      "Change or end a budget, from the version that the body names; 409 with the one in force when it is another.",
    scope: null,
    body: "BudgetChange",
    answer: "BudgetList",
  },
]

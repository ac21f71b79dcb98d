// Starts GOV.UK Frontend's components. Every page works without this file.
import { initAll } from "./vendor/govuk-frontend-6.3.0/govuk-frontend.min.js";

initAll();

"""Change orders: proposals to change released things, and their approval. So far the templates that say how one goes.

    template_language    what may stand in a template (typed model of the YAML file, JSON Schema for editors)
    template_reading     a file as a template, with every fault that it has; the file again as JSON
    field_reading        the part of that which is about one field of the form
    template             a template as the product works with it: nothing left open that the file may leave out
    field_values         what people fill in, checked against the fields
    approval             when a stage of the review is approved or rejected
    shipped              the templates that come with the server

All of it is pure.
"""
